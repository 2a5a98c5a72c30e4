import { LONGEST, type WrongReason } from "@/features/dialogs/prepare-reason.ts";
import type { Words } from "@/lib/language.tsx";

export const DIALOG_WORDS: Words<{
  title: string;
  of: string;
  back: string;
  facts: string;
  began: string;
  last: string;
  closed: string;
  chat: string;
  bot: string;
  turns: string;
  model: string;
  outcome: string;
  tokens: string;
  cost: string;
  feedback: string;
  /** Beside numbers of some questions alone. */
  listed: string;
  zone: (zone: string) => string;
}> = {
  en: {
    title: "A dialog",
    of: "Dialog of",
    back: "All dialogs",
    facts: "Without its texts",
    began: "Began",
    last: "Last question",
    closed: "Ended by /new",
    chat: "Chat",
    bot: "Bot",
    turns: "Questions / answers",
    model: "Last model",
    outcome: "Last outcome",
    tokens: "Tokens",
    cost: "Cost",
    feedback: "Feedback",
    listed: "As in the list: of the questions that fit its window and filters.",
    zone: (zone) => `Times are in ${zone}.`,
  },
  ru: {
    title: "Диалог",
    of: "Диалог:",
    back: "Все диалоги",
    facts: "Без текстов",
    began: "Начало",
    last: "Последний вопрос",
    closed: "Завершён командой /new",
    chat: "Чат",
    bot: "Бот",
    turns: "Вопросы / ответы",
    model: "Последняя модель",
    outcome: "Последний исход",
    tokens: "Токены",
    cost: "Стоимость",
    feedback: "Отзывы",
    listed: "Как в списке: по вопросам, подходящим под его окно и фильтры.",
    zone: (zone) => `Время: ${zone}.`,
  },
};

export const REASON_WORDS: Words<{
  title: string;
  privacy: string;
  recorded: (name: string) => string;
  label: string;
  hint: string;
  suggestions: string;
  suggested: string[];
  open: string;
  wrong: Record<WrongReason, string>;
}> = {
  en: {
    title: "Why do you open it?",
    privacy:
      "People wrote these texts for the assistant, not for us. They are shown to whoever has a reason to read them.",
    recorded: (name) =>
      `Opening is recorded in the audit log: your name (${name}), this dialog, the time and your reason.`,
    label: "Reason",
    hint: `One line of 3 to ${LONGEST} characters. It is forgotten here as soon as you leave the dialog.`,
    suggestions: "Reasons that others give",
    suggested: ["Complaint of ", "Quality sample", "Incident of "],
    open: "Open the dialog",
    wrong: {
      short: "Say it in three characters at least.",
      long: `Say it in ${LONGEST} characters at most.`,
    },
  },
  ru: {
    title: "Зачем вы его открываете?",
    privacy:
      "Люди писали это помощнику, а не нам. Тексты видит тот, у кого есть причина их прочесть.",
    recorded: (name) =>
      `Открытие попадёт в журнал: ваше имя (${name}), этот диалог, время и причина.`,
    label: "Причина",
    hint: `Одна строка, от 3 до ${LONGEST} знаков. Здесь она забудется, как только вы уйдёте из диалога.`,
    suggestions: "Частые причины",
    suggested: ["Жалоба от ", "Проверка качества", "Сбой от "],
    open: "Открыть диалог",
    wrong: {
      short: "Хотя бы три знака.",
      long: `Не больше ${LONGEST} знаков.`,
    },
  },
};

export const MISSING_WORDS: Words<{ title: string; why: string; what: string; list: string }> = {
  en: {
    title: "There is no such dialog",
    why: "The link may be cut, or it belongs to another Parley, or the dialog was removed since.",
    what: "Find it by the pseudonym of the person, or by the first digits of its id.",
    list: "Search the dialogs",
  },
  ru: {
    title: "Такого диалога нет",
    why: "Возможно, ссылка обрезана или она от другого Parley, либо диалог с тех пор удалён.",
    what: "Найдите его по псевдониму человека или по первым цифрам id.",
    list: "Искать в диалогах",
  },
};
