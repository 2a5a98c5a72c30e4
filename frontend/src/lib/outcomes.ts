import type { Language, Words } from "@/lib/language.tsx";
import { named } from "@/lib/named.ts";

/** What became of questions and of calls to models: the API's words, and ours for them. */

/** Those that a list can be narrowed to. */
export const OUTCOMES = [
  "answered",
  "answered_partial",
  "declined",
  "failed_told",
  "cancelled",
] as const;

type Tone = "neutral" | "bad" | "warn" | "accent";

/** Of a question; one without an outcome is being answered. A new word of the API stays as it is. */
export function outcomeName(outcome: string | null, language: Language): string {
  return outcome === null ? UNDER_WAY[language] : named(OUTCOME_NAMES[language], outcome);
}

export function callOutcomeName(outcome: string, language: Language): string {
  return named(CALL_NAMES[language], outcome);
}

export function errorName(kind: string, language: Language): string {
  return named(ERROR_NAMES[language], kind);
}

/** What is as it should be is not coloured. */
export function outcomeTone(outcome: string | null): Tone {
  return outcome === null ? "accent" : (TONES.get(outcome) ?? "neutral");
}

const TONES = new Map<string, Tone>([
  ["answered_partial", "warn"],
  ["declined", "warn"],
  ["failed_told", "bad"],
  ["undeliverable", "bad"],
  ["failed", "bad"],
  ["orphaned", "warn"],
  ["running", "accent"],
]);

const UNDER_WAY: Words<string> = { en: "In progress", ru: "В работе" };

const OUTCOME_NAMES: Words<Record<string, string>> = {
  en: {
    answered: "Answered",
    answered_partial: "Partly answered",
    declined: "Declined",
    failed_told: "Failed",
    cancelled: "Stopped",
    undeliverable: "Undeliverable",
    erased: "Erased",
  },
  ru: {
    answered: "Ответ дан",
    answered_partial: "Ответ неполный",
    declined: "Отклонён",
    failed_told: "Сбой",
    cancelled: "Остановлен",
    undeliverable: "Не доставить",
    erased: "Стёрт",
  },
};

const CALL_NAMES: Words<Record<string, string>> = {
  en: {
    running: "In progress",
    answered: "Answered",
    failed: "Failed",
    stopped: "Stopped",
    orphaned: "Lost in a restart",
  },
  ru: {
    running: "В работе",
    answered: "Ответ дан",
    failed: "Сбой",
    stopped: "Остановлен",
    orphaned: "Потерян при перезапуске",
  },
};

const ERROR_NAMES: Words<Record<string, string>> = {
  en: {
    bad_request: "Request refused",
    context_too_long: "Too long for the model",
    declined: "Declined by the provider's policy",
    refused: "Account refused",
    key_refused: "Key refused",
    no_credit: "No credit left",
    rate_limited: "Too many requests",
    gone: "No such model",
    unavailable: "Provider unavailable",
    garbage: "Answer unreadable",
    too_slow: "Silent for too long",
    broken: "Broke off",
    all_targets_failed: "All models failed",
    crashed: "Crashed",
    too_long: "Question too long",
    only_text: "Not a text",
    nothing_to_read: "Nothing to read",
  },
  ru: {
    bad_request: "Запрос отвергнут",
    context_too_long: "Слишком длинно для модели",
    declined: "Отклонено правилами провайдера",
    refused: "Доступ закрыт",
    key_refused: "Ключ отвергнут",
    no_credit: "Кончились средства",
    rate_limited: "Слишком много запросов",
    gone: "Такой модели нет",
    unavailable: "Провайдер недоступен",
    garbage: "Ответ нечитаем",
    too_slow: "Слишком долгое молчание",
    broken: "Оборвался",
    all_targets_failed: "Отказали все модели",
    crashed: "Падение",
    too_long: "Слишком длинный вопрос",
    only_text: "Не текст",
    nothing_to_read: "Нечего читать",
  },
};
