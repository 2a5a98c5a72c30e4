import type { Problem } from "@/api/problem.ts";
import type { Language, Words } from "@/lib/language.tsx";

/** Why a question about statistics was refused: by the API's code, or else in the API's own words. */
export function refusalIn(language: Language, { code, kind, detail }: Problem): string | undefined {
  const known = SENTENCES[language];
  if (code !== undefined && isKnown(code)) return known[code];
  return kind === "refused" || kind === "forbidden" ? detail : undefined;
}

type Code =
  | "unknown_timezone"
  | "not_on_the_hour"
  | "empty_window"
  | "window_too_long"
  | "date_out_of_range"
  | "too_many_buckets"
  | "too_many_cohorts"
  | "user_not_found"
  | "wrong_search"
  | "too_slow";

function isKnown(code: string): code is Code {
  return Object.hasOwn(SENTENCES.en, code);
}

const SENTENCES: Words<Record<Code, string>> = {
  en: {
    unknown_timezone: "There is no time zone of this name: choose another.",
    not_on_the_hour:
      "Statistics are kept by the hour, so zones with half or quarter hours cannot be used for whole days. Choose UTC or a neighbouring zone.",
    empty_window: "The first day has to come before the last.",
    window_too_long: "1100 days at most can be asked about at once: choose a shorter time.",
    date_out_of_range: "There are statistics from 2010 to 2100 only: choose another time.",
    too_many_buckets: "That would be more bars than can be drawn: choose a shorter time.",
    too_many_cohorts: "That would be more cohorts than can be shown: choose a shorter time.",
    user_not_found: "There is no such person: clear the filter.",
    wrong_search:
      "Type a pseudonym such as “Quiet Otter 4f”, some of its words, or at least four digits of an id.",
    too_slow: "Choose a shorter time or a filter: that is answered sooner.",
  },
  ru: {
    unknown_timezone: "Часового пояса с таким названием нет: выберите другой.",
    not_on_the_hour:
      "Статистика хранится по часам, поэтому пояса с половинами и четвертями часа не годятся для целых дней. Выберите UTC или соседний пояс.",
    empty_window: "Первый день должен быть раньше последнего.",
    window_too_long: "Спросить можно не больше чем о 1100 днях: выберите время короче.",
    date_out_of_range: "Статистика есть только с 2010 по 2100 год: выберите другое время.",
    too_many_buckets: "Столбцов вышло бы больше, чем можно нарисовать: выберите время короче.",
    too_many_cohorts: "Когорт вышло бы больше, чем можно показать: выберите время короче.",
    user_not_found: "Такого человека нет: уберите фильтр.",
    wrong_search:
      "Наберите псевдоним, например «Quiet Otter 4f», несколько его слов или хотя бы четыре цифры id.",
    too_slow: "Выберите время короче или добавьте фильтр: так ответ придёт раньше.",
  },
};
