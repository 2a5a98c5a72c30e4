import { formatInteger } from "@/lib/format.ts";
import { plural, type Words } from "@/lib/language.tsx";

export const PERSON_WORDS: Words<{
  back: string;
  missing: string;
  missingHint: string;
  allPeople: string;
  id: string;
  copy: string;
  copied: string;
  language: string;
  noLanguage: string;
  bot: string;
  firstSeen: string;
  lastSeen: string;
  never: string;
  allTime: string;
  inWindow: string;
  activity: string;
  activityNote: string;
  asleep: string;
  asleepHint: (first: string, last: string) => string;
  neverHint: string;
  filteredHint: string;
  widen: string;
  oneBot: string;
}> = {
  en: {
    back: "All people",
    missing: "There is no such person",
    missingHint:
      "The address may be cut short, or the person's data has been erased. People are found by pseudonym or by id in the list.",
    allPeople: "To the list of people",
    id: "Id",
    copy: "Copy the id",
    copied: "Copied",
    language: "Language",
    noLanguage: "not told",
    bot: "Bot",
    firstSeen: "First seen",
    lastSeen: "Last seen",
    never: "never",
    allTime: "In all time",
    inWindow: "In this window",
    activity: "Activity",
    activityNote: "Questions asked and answers given.",
    asleep: "Not active in this window",
    asleepHint: (first, last) => `Seen from ${first} to ${last}`,
    neverHint: "This person has not asked anything that came to an end yet.",
    filteredHint: "Without the filter by model there may be something to see",
    widen: "Show all of that time",
    oneBot: "This page is about one person, who has one bot and one language.",
  },
  ru: {
    back: "Все люди",
    missing: "Такого человека нет",
    missingHint:
      "Возможно, адрес обрезан или данные этого человека стёрты. В списке людей можно искать по псевдониму и по id.",
    allPeople: "К списку людей",
    id: "Id",
    copy: "Скопировать id",
    copied: "Скопировано",
    language: "Язык",
    noLanguage: "не указан",
    bot: "Бот",
    firstSeen: "Впервые",
    lastSeen: "В последний раз",
    never: "никогда",
    allTime: "За всё время",
    inWindow: "В этом окне",
    activity: "Активность",
    activityNote: "Заданные вопросы и данные ответы.",
    asleep: "Не активен в этом окне",
    asleepHint: (first, last) => `Был здесь: ${first} – ${last}`,
    neverHint: "Ни один вопрос этого человека ещё не дошёл до конца.",
    filteredHint: "Без отбора по модели, возможно, есть что показать",
    widen: "Показать всё это время",
    oneBot: "Эта страница об одном человеке: у него один бот и один язык.",
  },
};

export const MODELS_WORDS: Words<{
  title: string;
  note: string;
  nothing: string;
  count: (shown: number, keys: number) => string;
}> = {
  en: {
    title: "Models",
    note: "Which models answered this person in this window.",
    nothing: "No model answered in this window",
    count: (shown, keys) =>
      `The largest ${formatInteger(shown, "en")} of ${formatInteger(keys, "en")}`,
  },
  ru: {
    title: "Модели",
    note: "Какие модели отвечали этому человеку в этом окне.",
    nothing: "В этом окне не отвечала ни одна модель",
    count: (shown, keys) =>
      `Крупнейшие ${formatInteger(shown, "ru")} из ${formatInteger(keys, "ru")}`,
  },
};

export const DIALOGS_WORDS: Words<{
  title: string;
  note: string;
  began: string;
  last: string;
  nothing: string;
  count: (shown: number, total: number) => string;
  model: string;
  feedback: string;
}> = {
  en: {
    title: "Dialogs",
    note: "Dialogs with this person in this window; what is counted are the questions that fit it.",
    began: "Began",
    last: "Last question",
    nothing: "No dialogs",
    count: (shown, total) =>
      `${formatInteger(shown, "en")} of ${formatInteger(total, "en")} ${plural("en", total, { one: "dialog", other: "dialogs" })}`,
    model: "Model",
    feedback: "Feedback",
  },
  ru: {
    title: "Диалоги",
    note: "Диалоги с этим человеком в этом окне; считаются вопросы, подходящие под него.",
    began: "Начат",
    last: "Последний вопрос",
    nothing: "Диалогов нет",
    count: (shown, total) =>
      `${formatInteger(shown, "ru")} из ${formatInteger(total, "ru")} ${plural("ru", total, { one: "диалога", few: "диалогов", many: "диалогов" })}`,
    model: "Модель",
    feedback: "Оценки",
  },
};
