import type { Language, Words } from "@/lib/language.tsx";
import type { Theme } from "@/lib/theme.ts";
import type { Compare, Period } from "@/lib/view.ts";

export type Group = "found" | "pages" | "time" | "saved" | "actions" | "form";

type Said = {
  title: string;
  open: string;
  placeholder: string;
  none: string;
  results: (count: number) => string;
  groups: Record<Group, string>;
  periods: Record<Period, string>;
  compares: Record<Compare, string>;
  actions: Record<"link" | "clear" | "print" | "keys" | "out", string>;
  themes: Record<Theme, string>;
  languages: Record<Language, string>;
  openUser: (id: string) => string;
  openDialog: (id: string) => string;
  onlyUser: (id: string) => string;
  seekUsers: (text: string) => string;
  seekDialogs: (text: string) => string;
};

export const PALETTE_WORDS: Words<Said> = {
  en: {
    title: "Commands",
    open: "Search…",
    placeholder: "A page, a command, a pseudonym or an id",
    none: "Nothing fits.",
    results: (count) => `Commands: ${count}`,
    groups: {
      found: "What you typed",
      pages: "Pages",
      time: "Time",
      saved: "Saved views",
      actions: "Actions",
      form: "Appearance",
    },
    periods: { day: "The last 24 hours", week: "The last 7 days", month: "The last 30 days" },
    compares: {
      weekday: "Compare with the same weekdays",
      previous: "Compare with the time just before",
      none: "Compare with nothing",
    },
    actions: {
      link: "Copy link to this view",
      clear: "Clear all filters",
      print: "Print",
      keys: "Keyboard shortcuts",
      out: "Sign out",
    },
    themes: { system: "Theme as the system", light: "Light theme", dark: "Dark theme" },
    languages: { en: "English", ru: "Russian" },
    openUser: (id) => `Open person ${id}`,
    openDialog: (id) => `Open dialog ${id}`,
    onlyUser: (id) => `Show only person ${id}`,
    seekUsers: (text) => `Look for “${text}” among users`,
    seekDialogs: (text) => `Look for “${text}” among dialogs`,
  },
  ru: {
    title: "Команды",
    open: "Поиск…",
    placeholder: "Страница, команда, псевдоним или id",
    none: "Ничего не подходит.",
    results: (count) => `Команд: ${count}`,
    groups: {
      found: "Что вы набрали",
      pages: "Страницы",
      time: "Время",
      saved: "Сохранённые виды",
      actions: "Действия",
      form: "Вид",
    },
    periods: { day: "Последние 24 часа", week: "Последние 7 дней", month: "Последние 30 дней" },
    compares: {
      weekday: "Сравнить с теми же днями недели",
      previous: "Сравнить со временем перед этим",
      none: "Ни с чем не сравнивать",
    },
    actions: {
      link: "Скопировать ссылку на этот вид",
      clear: "Убрать все фильтры",
      print: "Напечатать",
      keys: "Клавиши",
      out: "Выйти",
    },
    themes: { system: "Тема как в системе", light: "Светлая тема", dark: "Тёмная тема" },
    languages: { en: "Английский язык", ru: "Русский язык" },
    openUser: (id) => `Открыть человека ${id}`,
    openDialog: (id) => `Открыть диалог ${id}`,
    onlyUser: (id) => `Показать только человека ${id}`,
    seekUsers: (text) => `Искать «${text}» среди людей`,
    seekDialogs: (text) => `Искать «${text}» среди диалогов`,
  },
};
