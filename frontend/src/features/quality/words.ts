import type { By } from "@/features/quality/metrics.ts";
import { formatInteger } from "@/lib/format.ts";
import { plural, type Words } from "@/lib/language.tsx";

export const PAGE_WORDS: Words<{
  title: string;
  said: string;
  wrong: string;
  dialogs: string;
  disliked: string;
  ofQuestions: (count: number) => string;
  nothing: string;
  nothingHint: string;
}> = {
  en: {
    title: "Quality",
    said: "What people said and did",
    wrong: "What went wrong",
    dialogs: "Their dialogs",
    disliked: "Dialogs with a dislike",
    ofQuestions: (count) =>
      `of ${formatInteger(count, "en")} ${plural("en", count, { one: "question", other: "questions" })}`,
    nothing: "No questions in this window",
    nothingHint: "Choose a longer period, or fill an empty database with",
  },
  ru: {
    title: "Качество",
    said: "Что люди сказали и сделали",
    wrong: "Что пошло не так",
    dialogs: "Эти диалоги",
    disliked: "Где не понравилось",
    ofQuestions: (count) =>
      `из ${formatInteger(count, "ru")} ${plural("ru", count, { one: "вопроса", few: "вопросов", many: "вопросов" })}`,
    nothing: "В этом окне нет вопросов",
    nothingHint: "Возьмите период длиннее или наполните пустую базу командой",
  },
};

const ROWS: Words<Record<By, { one: string; few?: string; many?: string; other?: string }>> = {
  en: {
    model: { one: "model", other: "models" },
    language: { one: "language", other: "languages" },
    kind: { one: "kind", other: "kinds" },
    outcome: { one: "outcome", other: "outcomes" },
  },
  ru: {
    model: { one: "модели", many: "моделей" },
    language: { one: "языка", many: "языков" },
    kind: { one: "вида", many: "видов" },
    outcome: { one: "исхода", many: "исходов" },
  },
};

export const BREAKDOWN_WORDS: Words<{
  title: string;
  by: string;
  dimensions: Record<By, string>;
  notes: Record<By, string>;
  unlisted: string;
  none: Record<By, string>;
  open: (metric: string, row: string) => string;
  count: (shown: number, total: number, by: By) => string;
}> = {
  en: {
    title: "Broken down",
    by: "Broken down by",
    dimensions: { model: "Model", language: "Language", kind: "Kind", outcome: "Outcome" },
    notes: {
      model: "By the model that answered, or else the one that was asked.",
      language: "By the language that the person's Telegram speaks.",
      kind: "By what the person sent.",
      outcome: "By what became of the question.",
    },
    unlisted: "Dialogs cannot be listed so: a number leads to those of all rows.",
    none: {
      model: "No model",
      language: "Language not told",
      kind: "No kind",
      outcome: "No outcome",
    },
    open: (metric, row) => `${metric}, ${row}: the dialogs`,
    count: (shown, total, by) =>
      `${formatInteger(shown, "en")} of ${formatInteger(total, "en")} ${plural("en", total, ROWS.en[by])}`,
  },
  ru: {
    title: "По частям",
    by: "По чему разбить",
    dimensions: { model: "Модель", language: "Язык", kind: "Вид", outcome: "Исход" },
    notes: {
      model: "По модели, которая ответила, а иначе по той, которую спросили.",
      language: "По языку, на котором говорит Telegram человека.",
      kind: "По тому, что человек прислал.",
      outcome: "По тому, чем вопрос закончился.",
    },
    unlisted: "Так отобрать диалоги нельзя: число ведёт к диалогам всех строк.",
    none: {
      model: "Без модели",
      language: "Язык не указан",
      kind: "Без вида",
      outcome: "Без исхода",
    },
    open: (metric, row) => `${metric}, ${row}: диалоги`,
    count: (shown, total, by) =>
      `${formatInteger(shown, "ru")} из ${formatInteger(total, "ru")} ${plural("ru", total, ROWS.ru[by])}`,
  },
};

export const MEANING_WORDS: Words<{ title: string; note: string }> = {
  en: {
    title: "What these numbers mean",
    note: "All facts of a question belong to the hour in which it came, whenever they become known: a like that comes tomorrow still changes today.",
  },
  ru: {
    title: "Что значат эти числа",
    note: "Всё, что относится к вопросу, считается за тот час, в который он пришёл, когда бы это ни стало известно: завтрашняя оценка ещё изменит сегодняшний день.",
  },
};
