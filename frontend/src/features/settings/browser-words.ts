import type { Words } from "@/lib/language.tsx";

type LooksSaid = {
  title: string;
  colours: string;
  language: string;
  keys: string;
  keysNote: string;
  zone: string;
  zoneNote: (own: string) => string;
};

export const LOOKS: Words<LooksSaid> = {
  en: {
    title: "How it looks",
    colours: "Colours",
    language: "Language",
    keys: "Single keys act on the page",
    keysNote: "D, W and M for the period, G and O to the overview; ? lists them all.",
    zone: "Time zone",
    zoneNote: (own) =>
      `Days and hours are those of the service (STATS_TIMEZONE, UTC unless it is set). The toolbar of a page with numbers changes it for what you look at, and the address keeps it. This browser is in ${own}.`,
  },
  ru: {
    title: "Внешний вид",
    colours: "Цвета",
    language: "Язык",
    keys: "Одиночные клавиши действуют на страницу",
    keysNote: "D, W и M — период, G и O — к обзору; ? покажет все.",
    zone: "Часовой пояс",
    zoneNote: (own) =>
      `Дни и часы — те, что у службы (STATS_TIMEZONE, без него UTC). Строка над числами меняет пояс для того, что вы смотрите, и он остаётся в адресе. Этот браузер — в поясе ${own}.`,
  },
};

type KeptSaid = {
  title: string;
  note: string;
  session: { title: string; note: string };
  theme: string;
  language: string;
  keys: string;
  notChosen: string;
  keysOn: string;
  keysOff: string;
  views: string;
  noViews: string;
  forgetOf: (name: string) => string;
  forgetAll: string;
  forgotten: string;
};

export const KEPT: Words<KeptSaid> = {
  en: {
    title: "What this browser keeps",
    note: "It stays here and is sent to nobody. No password and none of the numbers are among it.",
    session: { title: "Session", note: "a cookie that no page can read, until you sign out" },
    theme: "Colours",
    language: "Language",
    keys: "Single keys",
    notChosen: "not chosen, as the system has it",
    keysOn: "on, which is how they come",
    keysOff: "off",
    views: "Saved views",
    noViews: "none yet: the toolbar of a page with numbers saves them",
    forgetOf: (name) => `Forget the view ${name}`,
    forgetAll: "Forget all of this",
    forgotten: "Forgotten. The session stays until you sign out.",
  },
  ru: {
    title: "Что помнит этот браузер",
    note: "Это остаётся здесь и никуда не отправляется. Ни паролей, ни чисел среди этого нет.",
    session: {
      title: "Сеанс",
      note: "cookie, которую не может прочитать ни одна страница, пока вы не выйдете",
    },
    theme: "Цвета",
    language: "Язык",
    keys: "Одиночные клавиши",
    notChosen: "не выбрано, как в системе",
    keysOn: "включены, как и сначала",
    keysOff: "выключены",
    views: "Сохранённые виды",
    noViews: "пока нет: их сохраняет строка над числами",
    forgetOf: (name) => `Забыть вид ${name}`,
    forgetAll: "Забыть всё это",
    forgotten: "Забыто. Сеанс остаётся, пока вы не выйдете.",
  },
};
