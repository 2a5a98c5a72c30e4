import type { CohortSize } from "@/features/users/prepare-cohorts.ts";
import { formatInteger } from "@/lib/format.ts";
import { plural, type Words } from "@/lib/language.tsx";

const whole = (value: number) => formatInteger(value, "en");
const inRussian = (value: number) => formatInteger(value, "ru");

export const PEOPLE_WORDS: Words<{
  title: string;
  note: string;
  person: string;
  language: string;
  firstSeen: string;
  orderBy: (column: string) => string;
  count: (shown: number, total: number) => string;
  find: string;
  placeholder: string;
  nobody: string;
  nobodyHint: string;
  unknownName: string;
  unknownNameHint: string;
  notFound: string;
  notFoundHint: string;
  all: string;
}> = {
  en: {
    title: "People",
    note: "Everybody who asked something in this window, and what they did in it.",
    person: "Person",
    language: "Language",
    firstSeen: "First seen",
    orderBy: (column) => `Order by ${column.toLowerCase()}, the largest first`,
    count: (shown, total) =>
      `${whole(shown)} of ${whole(total)} ${plural("en", total, { one: "person", other: "people" })}`,
    find: "Find a person",
    placeholder: "Quiet Otter 4f, or an id",
    nobody: "Nobody asked anything in this window",
    nobodyHint: "Choose a longer period, or fill an empty database with make demo.",
    unknownName: "No pseudonym has these words",
    unknownNameHint:
      "A pseudonym is two words and two digits in their order, such as Quiet Otter 4f; some of them are enough. Or give an id, or at least its first four digits.",
    notFound: "Nobody by this name was active in this window",
    notFoundHint: "They may have been at another time: choose a longer period.",
    all: "Show everybody",
  },
  ru: {
    title: "Люди",
    note: "Все, кто о чём-то спросил в этом окне, и что они в нём сделали.",
    person: "Человек",
    language: "Язык",
    firstSeen: "Впервые",
    orderBy: (column) => `Упорядочить: ${column.toLowerCase()}, сначала больше`,
    count: (shown, total) => `${inRussian(shown)} из ${inRussian(total)}`,
    find: "Найти человека",
    placeholder: "Quiet Otter 4f или id",
    nobody: "В этом окне никто ни о чём не спросил",
    nobodyHint: "Возьмите период длиннее или наполните пустую базу командой make demo.",
    unknownName: "Таких слов нет ни в одном псевдониме",
    unknownNameHint:
      "Псевдоним — два слова и две цифры по порядку, например Quiet Otter 4f; хватит и части. Или укажите id целиком либо хотя бы первые четыре его цифры.",
    notFound: "Никто с таким именем не был активен в этом окне",
    notFoundHint: "Возможно, это было в другое время: возьмите период длиннее.",
    all: "Показать всех",
  },
};

export const COHORT_WORDS: Words<{
  title: string;
  sizes: Record<CohortSize, { note: string; later: (offset: number) => string; short: string }>;
  cohort: string;
  size: string;
  mean: string;
  meanHint: string;
  nobody: string;
  nobodyHint: string;
  short: string;
  shortHint: string;
  widen: string;
  widenMore: string;
  running: string;
  legend: string;
  onlyBots: string;
  people: (count: number, of: number) => string;
  cohorts: (count: number) => string;
}> = {
  en: {
    title: "Retention by cohort",
    sizes: {
      day: {
        note: "Of the people first seen on each UTC day, who came back on each later one.",
        later: (offset) => `Day ${offset}`,
        short: "D",
      },
      week: {
        note: "Of the people first seen in each UTC week, who came back in each later one.",
        later: (offset) => `Week ${offset}`,
        short: "W",
      },
      month: {
        note: "Of the people first seen in each UTC month, who came back in each later one.",
        later: (offset) => `Month ${offset}`,
        short: "M",
      },
    },
    cohort: "First seen",
    size: "People",
    mean: "All, on average",
    meanHint: "weighed by people; only spans that are over",
    nobody: "Nobody was first seen in this window",
    nobodyHint:
      "Cohorts are made of newcomers. Choose a longer period, one in which people came for the first time.",
    short: "This window is too short for cohorts",
    shortHint: "Whether people come back is seen over a week or more.",
    widen: "Last 30 days",
    widenMore: "Last 90 days",
    running: "not over yet and may grow, or cut by the window",
    legend: "Share that came back",
    onlyBots: "Cohorts can be narrowed by bot alone.",
    people: (count, of) =>
      `${whole(count)} of ${whole(of)} ${plural("en", of, { one: "person", other: "people" })}`,
    cohorts: (count) =>
      `${whole(count)} ${plural("en", count, { one: "cohort", other: "cohorts" })}`,
  },
  ru: {
    title: "Удержание по когортам",
    sizes: {
      day: {
        note: "Из тех, кого впервые увидели в каждый из дней UTC, кто вернулся в более поздний день.",
        later: (offset) => `День ${offset}`,
        short: "Д",
      },
      week: {
        note: "Из тех, кого впервые увидели в каждую из недель UTC, кто вернулся в более позднюю.",
        later: (offset) => `Неделя ${offset}`,
        short: "Н",
      },
      month: {
        note: "Из тех, кого впервые увидели в каждый из месяцев UTC, кто вернулся в более поздний.",
        later: (offset) => `Месяц ${offset}`,
        short: "М",
      },
    },
    cohort: "Впервые",
    size: "Людей",
    mean: "Все, в среднем",
    meanHint: "с весом по людям; только завершившиеся отрезки",
    nobody: "В этом окне никого не увидели впервые",
    nobodyHint:
      "Когорты состоят из новичков. Возьмите период длиннее — такой, в котором кто-то пришёл впервые.",
    short: "Для когорт это окно слишком коротко",
    shortHint: "Возвращаются ли люди, видно за неделю и дольше.",
    widen: "Последние 30 дней",
    widenMore: "Последние 90 дней",
    running: "отрезок не завершён и может подрасти или обрезан окном",
    legend: "Доля вернувшихся",
    onlyBots: "Когорты можно отбирать только по боту.",
    people: (count, of) => `${inRussian(count)} из ${inRussian(of)} чел.`,
    cohorts: (count) =>
      `${inRussian(count)} ${plural("ru", count, { one: "когорта", few: "когорты", many: "когорт" })}`,
  },
};

export const PAGE_WORDS: Words<{ title: string; numbers: string; because: string }> = {
  en: {
    title: "Users",
    numbers: "In this window",
    because: "People are counted whole, whichever models they asked and languages they have.",
  },
  ru: {
    title: "Люди",
    numbers: "В этом окне",
    because: "Люди считаются целиком, какие бы модели и языки у них ни были.",
  },
};

export const GROWTH_WORDS: Words<{
  title: string;
  note: string;
  nobody: string;
  nobodyHint: string;
  open: string;
}> = {
  en: {
    title: "New, returning and resurrected people",
    note: "Each bar counts a person once, against the bar before it. The bars do not add up to the tiles: who came on three days is in three bars, and one person in the window.",
    nobody: "Nobody asked anything in this window",
    nobodyHint: "Choose a longer period, or fill an empty database with make demo.",
    open: "Press to see its people",
  },
  ru: {
    title: "Новые и вернувшиеся люди",
    note: "Каждый столбец считает человека один раз и сравнивает с предыдущим столбцом. Сумма столбцов не равна плиткам: кто приходил три дня, есть в трёх столбцах, а в окне он один.",
    nobody: "В этом окне никто ни о чём не спросил",
    nobodyHint: "Возьмите период длиннее или наполните пустую базу командой make demo.",
    open: "Нажмите, чтобы увидеть этих людей",
  },
};
