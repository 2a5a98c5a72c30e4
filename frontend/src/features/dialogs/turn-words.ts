import { type Language, plural, type Words } from "@/lib/language.tsx";
import { named } from "@/lib/named.ts";

export const TEXT_WORDS: Words<{
  title: string;
  openedFor: string;
  recorded: string;
  print: string;
  close: string;
  morePages: string;
  count: (shown: number, total: number) => string;
  none: string;
  noneHint: string;
  question: (number: number) => string;
  questionText: string;
  answerText: string;
  edited: (moment: string) => string;
  characters: (count: number) => string;
  erased: (moment: string) => string;
  noText: string;
  underWay: string;
  nothing: string;
}> = {
  en: {
    title: "Questions and answers",
    openedFor: "Opened for:",
    recorded: "It is in the audit log.",
    print: "Print",
    close: "Close the texts",
    morePages: "Each further page is recorded, too.",
    count: (shown, total) =>
      `${shown} of ${total} ${plural("en", total, { one: "question", other: "questions" })}`,
    none: "Nobody has asked anything here yet",
    noneHint: "A dialog is empty from /new to the next question.",
    question: (number) => `Question ${number}`,
    questionText: "Question",
    answerText: "Answer",
    edited: (moment) => `edited ${moment}`,
    characters: (count) => plural("en", count, { one: "character", other: "characters" }),
    erased: (moment) => `Texts erased at the person's wish on ${moment}`,
    noText: "without text",
    underWay: "The answer is not there yet.",
    nothing: "No text of a model: the bot replied with a sentence of its own.",
  },
  ru: {
    title: "Вопросы и ответы",
    openedFor: "Открыт по причине:",
    recorded: "Это записано в журнал.",
    print: "Печать",
    close: "Закрыть тексты",
    morePages: "Каждая следующая страница тоже попадёт в журнал.",
    count: (shown, total) =>
      `${shown} из ${total} ${plural("ru", total, { one: "вопроса", other: "вопросов" })}`,
    none: "Здесь ещё никто ни о чём не спросил",
    noneHint: "От команды /new до следующего вопроса диалог пуст.",
    question: (number) => `Вопрос ${number}`,
    questionText: "Вопрос",
    answerText: "Ответ",
    edited: (moment) => `изменён ${moment}`,
    characters: (count) => plural("ru", count, { one: "знак", few: "знака", many: "знаков" }),
    erased: (moment) => `Тексты стёрты по желанию человека ${moment}`,
    noText: "без текста",
    underWay: "Ответа ещё нет.",
    nothing: "Текста модели нет: бот ответил своей фразой.",
  },
};

export const FACT_WORDS: Words<{
  stages: Record<"queue" | "first_token" | "generation" | "delivery", string>;
  timings: string;
  total: string;
  atLeast: (time: string) => string;
  vain: string;
  fallback: string;
  deliveryUnknown: string;
  deliveryUnknownHint: string;
  model: string;
  provider: string;
  tokens: string;
  prompt: string;
  completion: string;
  cached: string;
  reasoning: string;
  cost: string;
  sources: Record<string, string>;
  release: string;
  feedback: string;
  calls: string;
  noCalls: string;
  nothingBilled: string;
  http: (status: number) => string;
  firstToken: (time: string) => string;
  ended: (time: string) => string;
  sinceStart: string;
}> = {
  en: {
    stages: {
      queue: "Queue",
      first_token: "First token",
      generation: "Generation",
      delivery: "Delivery",
    },
    timings: "Where the time went",
    total: "In all",
    atLeast: (time) => `${time} or more`,
    vain: "none came",
    fallback: "Fallback",
    deliveryUnknown: "Delivery unknown",
    deliveryUnknownHint: "A part may have arrived without Telegram saying so.",
    model: "Model",
    provider: "Provider",
    tokens: "Tokens",
    prompt: "prompt",
    completion: "completion",
    cached: "cached",
    reasoning: "reasoning",
    cost: "Cost",
    sources: { usage: "as billed", estimated: "estimated", none: "no price known" },
    release: "Release",
    feedback: "Feedback",
    calls: "Calls to models",
    noCalls: "No model was called.",
    nothingBilled: "no tokens, no cost",
    http: (status) => `HTTP ${status}`,
    firstToken: (time) => `first token at ${time}`,
    ended: (time) => `ended at ${time}`,
    sinceStart: "Times of calls count from the start of work on the question.",
  },
  ru: {
    stages: {
      queue: "Очередь",
      first_token: "Первый токен",
      generation: "Генерация",
      delivery: "Доставка",
    },
    timings: "На что ушло время",
    total: "Всего",
    atLeast: (time) => `${time} или больше`,
    vain: "не пришёл",
    fallback: "Запасная модель",
    deliveryUnknown: "Доставка неизвестна",
    deliveryUnknownHint: "Часть могла дойти, хотя Telegram этого не подтвердил.",
    model: "Модель",
    provider: "Провайдер",
    tokens: "Токены",
    prompt: "запрос",
    completion: "ответ",
    cached: "из кэша",
    reasoning: "рассуждения",
    cost: "Стоимость",
    sources: { usage: "по счёту", estimated: "оценка", none: "цена неизвестна" },
    release: "Выпуск",
    feedback: "Отзывы",
    calls: "Обращения к моделям",
    noCalls: "К моделям не обращались.",
    nothingBilled: "без токенов и стоимости",
    http: (status) => `HTTP ${status}`,
    firstToken: (time) => `первый токен на ${time}`,
    ended: (time) => `конец на ${time}`,
    sinceStart: "Время обращений — от начала работы над вопросом.",
  },
};

/** Where a cost was read; a new word of the API stays as it is. */
export function sourceName(source: string, language: Language): string {
  return named(FACT_WORDS[language].sources, source);
}
