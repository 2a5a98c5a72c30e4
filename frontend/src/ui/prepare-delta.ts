import { DICTIONARY, type Slug } from "@/api/types.ts";
import { type Difference, differenceOf } from "@/lib/difference.ts";
import { directionOf } from "@/lib/directions.ts";
import { formatValue } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

export type Delta = {
  way: "up" | "down" | "same";
  news: "good" | "bad" | "neither";
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
  const { unit } = DICTIONARY[slug];
  const difference = differenceOf(current, previous, unit, language);
  if (!difference) return null;
  return {
    way: WAYS[difference.sign],
    news: newsOf(slug, difference.sign),
    text: difference.text,
    before: formatValue(previous, unit, language),
  };
}

const WAYS: Record<Difference["sign"], Delta["way"]> = { [-1]: "down", 0: "same", 1: "up" };

function newsOf(slug: Slug, sign: Difference["sign"]): Delta["news"] {
  const direction = directionOf(slug);
  if (sign === 0 || direction === "neither") return "neither";
  return (sign === 1) === (direction === "good") ? "good" : "bad";
}
