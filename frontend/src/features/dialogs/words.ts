import { formatInteger } from "@/lib/format.ts";
import type { Having } from "@/lib/having.ts";
import { type Language, plural, type Words } from "@/lib/language.tsx";
import { named } from "@/lib/named.ts";

export function inWhole(value: number, language: Language): string {
  return formatInteger(value, language);
}

export const CHAT_KINDS: Words<Record<string, string>> = {
  en: { private: "Private", group: "Group", supergroup: "Supergroup", channel: "Channel" },
  ru: { private: "Личный", group: "Группа", supergroup: "Супергруппа", channel: "Канал" },
};

/** A kind that Telegram adds stays in its own word. */
export function chatKind(kind: string, language: Language): string {
  return named(CHAT_KINDS[language], kind);
}

/** If it is not exact, there are more than `total`. */
type Counted = { total: number; isExact: boolean };

export const LIST_WORDS: Words<{
  page: string;
  title: string;
  note: string;
  count: (shown: number, of: Counted, span: string, zone: string) => string;
  keys: string;
  find: string;
  placeholder: string;
  outcome: string;
  anyOutcome: string;
  having: string;
  anyHaving: string;
  havings: Record<Having, string>;
  columns: Record<
    "last" | "person" | "chat" | "turns" | "outcome" | "model" | "tokens" | "cost" | "feedback",
    string
  >;
  open: (person: string) => string;
  onlyModel: (model: string) => string;
  none: string;
  noneHint: string;
  widen: string;
  unknownName: string;
  unknownNameHint: string;
  notFound: string;
  notFoundHint: string;
  clear: string;
}> = {
  en: {
    page: "Dialogs",
    title: "Last active first",
    note: "Dialogs active in this window; what is counted are their questions that fit it and the filters. Texts are opened for a reason.",
    count: (shown, { total, isExact }, span, zone) =>
      `${inWhole(shown, "en")} of ${isExact ? "" : "more than "}${inWhole(total, "en")} ${plural("en", total, { one: "dialog", other: "dialogs" })} active in ${span} (${zone})`,
    keys: "J and K go from dialog to dialog, Enter opens.",
    find: "Find a person or a dialog",
    placeholder: "Quiet Otter 4f, or an id",
    outcome: "Outcome",
    anyOutcome: "Any outcome",
    having: "What happened",
    anyHaving: "Whatever happened",
    havings: {
      liked: "With a like",
      disliked: "With a dislike",
      edited: "With an edited question",
      stopped: "Stopped by the person",
      declined: "Declined",
      failed: "Failed",
      partial: "Partly answered",
      delivery_unknown: "Delivery unknown",
      fallback: "Saved by a fallback",
    },
    columns: {
      last: "Last question",
      person: "Person",
      chat: "Chat",
      turns: "Questions / answers",
      outcome: "Last outcome",
      model: "Last model",
      tokens: "Tokens",
      cost: "Cost",
      feedback: "Feedback",
    },
    open: (person) => `Open the dialog of ${person}`,
    onlyModel: (model) => `Only dialogs with ${model}`,
    none: "No dialog was active in this window",
    noneHint: "Choose a longer period, or fill an empty database with make demo.",
    widen: "Show a month",
    unknownName: "This is no pseudonym and no id",
    unknownNameHint:
      "A pseudonym is two words and two digits in their order, such as Quiet Otter 4f; some of them are enough. Or give the id of a person or a dialog, or at least its first four digits.",
    notFound: "No dialog of this window fits",
    notFoundHint: "Choose a longer period, or leave out a filter.",
    clear: "Leave out all filters",
  },
  ru: {
    page: "Диалоги",
    title: "Сначала недавние",
    note: "Диалоги, активные в этом окне; считаются те их вопросы, что подходят под окно и фильтры. Тексты открываются по причине.",
    count: (shown, { total, isExact }, span, zone) =>
      `${inWhole(shown, "ru")} из ${isExact ? "" : "более чем "}${inWhole(total, "ru")} ${plural("ru", total, { one: "диалога", other: "диалогов" })}, где спрашивали ${span} (${zone})`,
    keys: "J и K переходят от диалога к диалогу, Enter открывает.",
    find: "Найти человека или диалог",
    placeholder: "Quiet Otter 4f или id",
    outcome: "Исход",
    anyOutcome: "Любой исход",
    having: "Что случилось",
    anyHaving: "Что бы ни случилось",
    havings: {
      liked: "С отметкой «нравится»",
      disliked: "С отметкой «не нравится»",
      edited: "С изменённым вопросом",
      stopped: "Остановленные человеком",
      declined: "Отклонённые",
      failed: "Со сбоем",
      partial: "С неполным ответом",
      delivery_unknown: "Доставка неизвестна",
      fallback: "Выручила запасная модель",
    },
    columns: {
      last: "Последний вопрос",
      person: "Человек",
      chat: "Чат",
      turns: "Вопросы / ответы",
      outcome: "Последний исход",
      model: "Последняя модель",
      tokens: "Токены",
      cost: "Стоимость",
      feedback: "Отзывы",
    },
    open: (person) => `Открыть диалог: ${person}`,
    onlyModel: (model) => `Только диалоги с ${model}`,
    none: "В этом окне ни в одном диалоге не спрашивали",
    noneHint: "Возьмите период длиннее или наполните пустую базу командой make demo.",
    widen: "Показать месяц",
    unknownName: "Это не псевдоним и не id",
    unknownNameHint:
      "Псевдоним — два слова и две цифры по порядку, например Quiet Otter 4f; хватит и части. Или укажите id человека либо диалога целиком или хотя бы первые четыре его цифры.",
    notFound: "В этом окне нет подходящего диалога",
    notFoundHint: "Возьмите период длиннее или уберите фильтр.",
    clear: "Убрать все фильтры",
  },
};
