import { DICTIONARY, type Slug } from "@/api/types.ts";
import { directionOf } from "@/lib/directions.ts";
import { formatChange, formatValue, LOCALE, relativeChange } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

export type Delta = {
  way: "up" | "down" | "same";
  news: "good" | "bad" | "neither";
  /** "+12%", or points between two shares. */
  text: string;
  before: string;
};

type Known = number | null | undefined;

/** Null where there is nothing to compare with. */
export function prepareDelta(
  slug: Slug,
  current: Known,
  previous: Known,
  language: Language,
): Delta | null {
  if (typeof current !== "number" || typeof previous !== "number") return null;
  const { unit } = DICTIONARY[slug];
  const before = formatValue(previous, unit, language);
  if (unit === "share") {
    const points = Math.round((current - previous) * 1000) / 10;
    return { ...wayOf(slug, points), text: inPoints(points, language), before };
  }
  const change = current === previous ? 0 : relativeChange(current, previous);
  if (change === null) return { ...wayOf(slug, current), text: "", before };
  const isVisible = Math.abs(change) >= 0.0005;
  return { ...wayOf(slug, isVisible ? change : 0), text: formatChange(change, language), before };
}

function wayOf(slug: Slug, change: number): Pick<Delta, "way" | "news"> {
  if (change === 0) return { way: "same", news: "neither" };
  const direction = directionOf(slug);
  const isUp = change > 0;
  if (direction === "neither") return { way: isUp ? "up" : "down", news: "neither" };
  return { way: isUp ? "up" : "down", news: isUp === (direction === "good") ? "good" : "bad" };
}

function inPoints(points: number, language: Language): string {
  const number = new Intl.NumberFormat(LOCALE[language], {
    signDisplay: "exceptZero",
    maximumFractionDigits: 1,
  }).format(points);
  return `${number} ${POINTS[language]}`;
}

const POINTS: Record<Language, string> = { en: "pp", ru: "п. п." };
