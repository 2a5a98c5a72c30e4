import type { Unit } from "@/api/types.ts";
import type { Language } from "@/lib/language.tsx";

/** How a number is written: whole in tables, short on tiles and axes. */
export type Style = "whole" | "short";

type Write = (value: number, language: Language, style: Style) => string;

const MICRO = 1e-6;
export const MISSING = "–";

const WRITE: Record<Unit, Write> = {
  count: (value, language, style) => number(value, language, style),
  characters: (value, language, style) => number(Math.round(value), language, style),
  tokens: (value, language, style) => number(Math.round(value), language, style),
  microdollars: money,
  milliseconds: duration,
  share: (value, language) =>
    formatter(language, { style: "percent", maximumFractionDigits: value < 0.1 ? 2 : 1 }).format(
      value,
    ),
};

/** Nothing to divide by, or not known, is a dash and never a zero. */
export function formatValue(
  value: number | null | undefined,
  unit: Unit,
  language: Language,
  style: Style = "whole",
): string {
  return value === null || value === undefined ? MISSING : WRITE[unit](value, language, style);
}

/** By how much `current` differs; null where the difference has no meaning. */
export function relativeChange(
  current: number | null | undefined,
  previous: number | null | undefined,
): number | null {
  if (typeof current !== "number" || typeof previous !== "number" || previous === 0) return null;
  return (current - previous) / previous;
}

export function formatChange(change: number, language: Language): string {
  const digits = Math.abs(change) < 0.1 ? 1 : 0;
  return formatter(language, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: digits,
  }).format(change);
}

export function formatInteger(value: number, language: Language): string {
  return number(value, language, "whole");
}

function number(value: number, language: Language, style: Style): string {
  if (style === "short" && Math.abs(value) >= 10_000) {
    return formatter(language, { notation: "compact", maximumSignificantDigits: 3 }).format(value);
  }
  return formatter(language, { maximumFractionDigits: 1 }).format(value);
}

/** In dollars; a price of less than a cent keeps two digits that say something. */
function money(value: number, language: Language, style: Style): string {
  const dollars = value * MICRO;
  const options: Intl.NumberFormatOptions = {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
  };
  if (dollars !== 0 && Math.abs(dollars) < 0.1) {
    return formatter(language, { ...options, maximumSignificantDigits: 2 }).format(dollars);
  }
  if (style === "short" && Math.abs(dollars) >= 10_000) {
    return formatter(language, {
      ...options,
      notation: "compact",
      maximumSignificantDigits: 3,
    }).format(dollars);
  }
  return formatter(language, options).format(dollars);
}

function duration(value: number, language: Language): string {
  if (Math.round(value) < 1000) return unit(Math.round(value), "millisecond", language);
  if (value < 60_000) return unit(value / 1000, "second", language, value < 10_000 ? 2 : 1);
  if (value < 3_600_000) return unit(value / 60_000, "minute", language, 1);
  return unit(value / 3_600_000, "hour", language, 1);
}

function unit(value: number, name: string, language: Language, maximumFractionDigits = 0): string {
  return formatter(language, {
    style: "unit",
    unit: name,
    unitDisplay: "short",
    maximumFractionDigits,
  }).format(value);
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const found = formatters.get(key) ?? new Intl.NumberFormat(LOCALE[language], options);
  formatters.set(key, found);
  return found;
}

/** Dollars and percents by the language; weeks begin on Mondays in the statistics. */
export const LOCALE: Record<Language, string> = { en: "en-US", ru: "ru-RU" };
