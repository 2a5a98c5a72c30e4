import type { Words } from "@/lib/language.tsx";
import type { WrongSpan } from "@/lib/span.ts";
import type { Compare, Filter, Period } from "@/lib/view.ts";

/** A word of the toolbar's sentence that can be changed. */
export const linkClass =
  "inline-flex min-h-6 items-center gap-1 rounded text-left text-sm text-ink-soft underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink print:no-underline";

type Said = {
  toolbar: string;
  period: string;
  periods: Record<Period, string>;
  periodHints: Record<Period, string>;
  custom: string;
  customTitle: string;
  firstDay: string;
  lastDay: string;
  presets: Record<"yesterday" | "month" | "before" | "quarter", string>;
  wrongSpan: Record<WrongSpan, string>;
  show: string;
  earlier: string;
  later: string;
  compareTitle: string;
  compared: Record<Compare, string>;
  compares: Record<Compare, { title: string; note: string }>;
  zoneTitle: string;
  zoneHint: string;
  noZone: string;
  ownZone: (zone: string) => string;
  serviceZone: string;
  filters: Record<Filter, string>;
  addFilter: string;
  without: (filter: string) => string;
  clear: string;
  noChoice: string;
  of: (shown: string, all: string) => string;
  person: string;
  personHint: string;
  noPerson: string;
  questions: (count: string) => string;
  settings: string;
  print: string;
};

export const WORDS: Words<Said> = {
  en: {
    toolbar: "What is shown",
    period: "Period",
    periods: { day: "Day", week: "Week", month: "Month" },
    periodHints: {
      day: "The last 24 hours (D)",
      week: "7 days, today among them (W)",
      month: "30 days, today among them (M)",
    },
    custom: "Custom",
    customTitle: "Days of your own",
    firstDay: "From",
    lastDay: "To, included",
    presets: {
      yesterday: "Yesterday",
      month: "This month",
      before: "Last month",
      quarter: "90 days",
    },
    wrongSpan: {
      missing: "Both days are needed.",
      reversed: "The first day has to come before the last.",
      long: "1100 days at most can be asked about at once.",
      early: "There are no statistics from before 2010.",
    },
    show: "Show",
    earlier: "The time before ([)",
    later: "The time after (])",
    compareTitle: "Compare with (X)",
    compared: {
      weekday: "compared with the same weekdays",
      previous: "compared with the time just before",
      none: "not compared",
    },
    compares: {
      weekday: {
        title: "The same weekdays",
        note: "Whole weeks earlier: Mondays meet Mondays",
      },
      previous: { title: "The time just before", note: "As long as what is shown" },
      none: { title: "Nothing", note: "Only what is shown" },
    },
    zoneTitle: "Time zone",
    zoneHint: "Days and hours begin by its clocks.",
    noZone: "There is no such zone; names are like Europe/Berlin or UTC.",
    ownZone: (zone) => `Mine: ${zone}`,
    serviceZone: "The service's own",
    filters: { bot: "Bot", model: "Model", language: "Language", user: "Person" },
    addFilter: "Filter",
    without: (filter) => `Without the filter: ${filter}`,
    clear: "Clear (Esc)",
    noChoice: "Nothing to choose from in this time.",
    of: (shown, all) => `${shown} of ${all}`,
    person: "Pseudonym or id",
    personHint: "As in “Quiet Otter 4f”, or an id's beginning",
    noPerson: "Nobody of that name in this time.",
    questions: (count) => `questions: ${count}`,
    settings: "Change what is shown",
    print: "Print",
  },
  ru: {
    toolbar: "Что показано",
    period: "Период",
    periods: { day: "День", week: "Неделя", month: "Месяц" },
    periodHints: {
      day: "Последние 24 часа (D)",
      week: "7 дней вместе с сегодняшним (W)",
      month: "30 дней вместе с сегодняшним (M)",
    },
    custom: "Свой",
    customTitle: "Свои дни",
    firstDay: "С",
    lastDay: "По, включительно",
    presets: {
      yesterday: "Вчера",
      month: "Этот месяц",
      before: "Прошлый месяц",
      quarter: "90 дней",
    },
    wrongSpan: {
      missing: "Нужны оба дня.",
      reversed: "Первый день должен быть раньше последнего.",
      long: "За один раз можно спросить не больше чем о 1100 днях.",
      early: "До 2010 года статистики нет.",
    },
    show: "Показать",
    earlier: "Время до этого ([)",
    later: "Время после этого (])",
    compareTitle: "Сравнить с чем (X)",
    compared: {
      weekday: "в сравнении с теми же днями недели",
      previous: "в сравнении со временем перед этим",
      none: "без сравнения",
    },
    compares: {
      weekday: {
        title: "Те же дни недели",
        note: "На целые недели раньше: понедельник с понедельником",
      },
      previous: { title: "Время перед этим", note: "Такой же длины" },
      none: { title: "Ни с чем", note: "Только то, что показано" },
    },
    zoneTitle: "Часовой пояс",
    zoneHint: "По его часам начинаются дни и часы.",
    noZone: "Такого пояса нет; названия бывают вида Europe/Berlin или UTC.",
    ownZone: (zone) => `Мой: ${zone}`,
    serviceZone: "Пояс службы",
    filters: { bot: "Бот", model: "Модель", language: "Язык", user: "Человек" },
    addFilter: "Фильтр",
    without: (filter) => `Убрать фильтр: ${filter}`,
    clear: "Убрать все (Esc)",
    noChoice: "За это время выбирать не из чего.",
    of: (shown, all) => `${shown} из ${all}`,
    person: "Псевдоним или id",
    personHint: "Например, «Quiet Otter 4f» или начало id",
    noPerson: "За это время такого человека нет.",
    questions: (count) => `вопросов: ${count}`,
    settings: "Изменить, что показано",
    print: "Напечатать",
  },
};
