import type { Unit } from "@/api/types.ts";
import { formatChange, LOCALE, relativeChange } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

/** By how much a value differs from an earlier one; shares differ in points, all else by a part. */
export type Difference = { sign: -1 | 0 | 1; text: string };

type Known = number | null | undefined;

const LEAST = 0.0005; // less than what is written of it
const POINTS: Record<Language, string> = { en: "pp", ru: "п. п." };

/** Null where one is missing. Of something that was nothing before, the sign alone is known. */
export function differenceOf(
  current: Known,
  previous: Known,
  unit: Unit,
  language: Language,
): Difference | null {
  if (typeof current !== "number" || typeof previous !== "number") return null;
  if (unit === "share") return inPoints(current - previous, language);
  const change = current === previous ? 0 : relativeChange(current, previous);
  if (change === null) return { sign: current > previous ? 1 : -1, text: "" };
  return { sign: signOf(change), text: formatChange(change, language) };
}

function inPoints(difference: number, language: Language): Difference {
  const points = new Intl.NumberFormat(LOCALE[language], {
    signDisplay: "exceptZero",
    maximumFractionDigits: 1,
  }).format(difference * 100);
  return { sign: signOf(difference), text: `${points} ${POINTS[language]}` };
}

function signOf(change: number): Difference["sign"] {
  if (Math.abs(change) < LEAST) return 0;
  return change > 0 ? 1 : -1;
}
