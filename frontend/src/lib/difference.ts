import type { Unit } from "@/api/types.ts";
import { formatChange, LOCALE, relativeChange } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

/** By how much a value differs from an earlier one; shares differ in points, all else by a part. */
export type Difference = { sign: -1 | 0 | 1; text: string };

type Known = number | null | undefined;

const POINTS: Record<Language, string> = { en: "pp", ru: "п. п." };

/** Null where one is missing. Of something that was nothing before, the sign alone is known. */
export function differenceOf(
  current: Known,
  previous: Known,
  unit: Unit,
  language: Language,
): Difference | null {
  if (typeof current !== "number" || typeof previous !== "number") return null;
  if (unit === "share") return inPoints(current, previous, language);
  const change = current === previous ? 0 : relativeChange(current, previous);
  if (change === null) return { sign: current > previous ? 1 : -1, text: "" };
  return { sign: signOf(change, 1), text: formatChange(change, language) };
}

/** As exact as the shares themselves are written. */
function inPoints(current: number, previous: number, language: Language): Difference {
  const digits = Math.max(current, previous) < 0.1 ? 2 : 1;
  const points = new Intl.NumberFormat(LOCALE[language], {
    signDisplay: "exceptZero",
    maximumFractionDigits: digits,
  }).format((current - previous) * 100);
  return { sign: signOf(current - previous, digits), text: `${points} ${POINTS[language]}` };
}

/** Nothing is what is written as nothing, with so many digits of a percent. */
function signOf(change: number, digits: number): Difference["sign"] {
  if (Math.abs(change) < 0.5 * 10 ** -(digits + 2)) return 0;
  return change > 0 ? 1 : -1;
}
