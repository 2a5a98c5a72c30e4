import { formatValue } from "@/lib/format.ts";
import { plural, type Words } from "@/lib/language.tsx";

type Said = {
  title: string;
  over: string;
  notBegun: string;
  underWay: string;
  underWayCompared: string;
  numbers: string;
  facts: {
    dialogs: (count: number) => string;
    length: (mean: number) => string;
    newcomers: (count: number) => string;
    estimated: (share: number) => string;
    declined: (share: number) => string;
    median: (time: number) => string;
    stopped: (share: number) => string;
    saved: (count: number) => string;
  };
  quiet: string;
  quietMore: string;
  week: string;
  weekNote: (zone: string) => string;
  models: string;
  noModel: string;
  allModels: string;
  dialogs: string;
  dialogsNote: string;
  allDialogs: string;
  noDialogs: string;
  noDialogsHere: string;
  person: string;
  last: string;
  turns: string;
  outcome: string;
  model: string;
  users: string;
  usersNote: (clock: string) => string;
  allUsers: string;
  nobody: string;
  peopleWide: string;
};

export const OVERVIEW_WORDS: Words<Said> = {
  en: {
    title: "Overview",
    over: "",
    notBegun: "The window has not begun.",
    underWay: "The window is not over yet.",
    underWayCompared: "The window is not over yet: it is compared up to the same hour.",
    numbers: "At a glance",
    facts: {
      dialogs: (count) =>
        `${formatValue(count, "count", "en")} new ${plural("en", count, { one: "dialog", other: "dialogs" })}`,
      length: (mean) => `${formatValue(Math.round(mean), "count", "en")} characters each`,
      newcomers: (count) => `${formatValue(count, "count", "en")} of them new`,
      estimated: (share) =>
        share === 0 ? "none of it estimated" : `${formatValue(share, "share", "en")} estimated`,
      declined: (share) => `${formatValue(share, "share", "en")} declined`,
      median: (time) => `half within ${formatValue(time, "milliseconds", "en")}`,
      stopped: (share) => `${formatValue(share, "share", "en")} stopped`,
      saved: (count) =>
        `${formatValue(count, "count", "en")} ${plural("en", count, { one: "answer", other: "answers" })} saved`,
    },
    quiet: "Nothing was asked in this window",
    quietMore:
      "Choose a longer period (M for 30 days), or take a filter away. To see the dashboard with numbers, fill an empty database with",
    week: "Hours of the week",
    weekNote: (zone) => `Questions, in the hours of ${zone}`,
    models: "Models",
    noModel: "without a model",
    allModels: "Models",
    dialogs: "Recent dialogs",
    dialogsNote: "Last active in this window",
    allDialogs: "Dialogs",
    noDialogs: "Nobody talked to the bot in this window",
    noDialogsHere: "No dialog fits the filters",
    person: "Person",
    last: "Last question",
    turns: "Questions",
    outcome: "Outcome",
    model: "Model",
    users: "Most active people",
    usersNote: (clock) => `By questions, as of ${clock}`,
    allUsers: "Users",
    nobody: "Nobody asked anything in this window",
    peopleWide: "People are listed whatever the model or the language.",
  },
  ru: {
    title: "Обзор",
    over: "",
    notBegun: "Окно ещё не началось.",
    underWay: "Окно ещё не закончилось.",
    underWayCompared: "Окно ещё не закончилось: сравнение — до этого же часа.",
    numbers: "Главное",
    facts: {
      dialogs: (count) =>
        `${formatValue(count, "count", "ru")} ${plural("ru", count, { one: "новый диалог", few: "новых диалога", many: "новых диалогов" })}`,
      length: (mean) => `в среднем ${formatValue(Math.round(mean), "count", "ru")} зн.`,
      newcomers: (count) => `из них новых ${formatValue(count, "count", "ru")}`,
      estimated: (share) =>
        share === 0 ? "без оценок" : `оценено ${formatValue(share, "share", "ru")}`,
      declined: (share) => `отклонено ${formatValue(share, "share", "ru")}`,
      median: (time) => `половина за ${formatValue(time, "milliseconds", "ru")}`,
      stopped: (share) => `остановлено ${formatValue(share, "share", "ru")}`,
      saved: (count) =>
        `${plural("ru", count, { one: "спасён", many: "спасено", few: "спасено" })} ${formatValue(count, "count", "ru")} ${plural("ru", count, { one: "ответ", few: "ответа", many: "ответов" })}`,
    },
    quiet: "В этом окне ничего не спрашивали",
    quietMore:
      "Возьмите период длиннее (M — 30 дней) или снимите фильтр. Чтобы увидеть числа, заполните пустую базу командой",
    week: "Часы недели",
    weekNote: (zone) => `Вопросы по часам пояса ${zone}`,
    models: "Модели",
    noModel: "без модели",
    allModels: "Модели",
    dialogs: "Последние диалоги",
    dialogsNote: "Недавно активные в этом окне",
    allDialogs: "Диалоги",
    noDialogs: "В этом окне с ботом никто не говорил",
    noDialogsHere: "Под фильтры не подходит ни один диалог",
    person: "Человек",
    last: "Последний вопрос",
    turns: "Вопросы",
    outcome: "Исход",
    model: "Модель",
    users: "Самые активные",
    usersNote: (clock) => `По числу вопросов, на ${clock}`,
    allUsers: "Люди",
    nobody: "В этом окне никто ничего не спрашивал",
    peopleWide: "Люди перечислены независимо от модели и языка.",
  },
};
