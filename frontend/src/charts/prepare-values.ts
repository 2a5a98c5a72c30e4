import { ticks } from "d3-array";
import type { Unit } from "@/api/types.ts";
import { formatValue, LOCALE } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

export type ValueTick = { value: number; label: string };
export type ValueAxis = { max: number; ticks: ValueTick[] };

/** What the axis shows where all is zero or unknown. */
const QUIET_MAX: Record<Unit, number> = {
  count: 1,
  characters: 1,
  tokens: 1,
  microdollars: 1_000_000,
  milliseconds: 1000,
  share: 0.01,
};

const DOLLAR = 1_000_000;
const LARGE_STEP = 2000 * DOLLAR;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TIME_STEPS = [
  ...[5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

/** From zero to a round number that is not below `largest`; about `wanted` steps. */
export function valueAxis(
  largest: number,
  unit: Unit,
  wanted: number,
  language: Language,
): ValueAxis {
  const top = largest > 0 ? largest : QUIET_MAX[unit];
  const step = stepOf(top, unit, Math.max(wanted, 1));
  const steps = Math.max(1, Math.ceil(top / step - 1e-9));
  const values = Array.from({ length: steps + 1 }, (_, place) => exact(place * step));
  return {
    max: capped(values.at(-1) ?? top, top, unit),
    ticks: values
      .filter((value) => unit !== "share" || value <= Math.max(1, top))
      .map((value) => ({ value, label: labelOf(value, step, unit, language) })),
  };
}

function stepOf(top: number, unit: Unit, wanted: number): number {
  if (unit === "milliseconds" && top / wanted > 2 * SECOND) {
    const step = TIME_STEPS.find((one) => top / one <= wanted);
    if (step !== undefined) return step;
  }
  const [first = 0, second = top] = ticks(0, top, wanted);
  const step = second - first;
  const isWhole = unit !== "microdollars" && unit !== "share" && unit !== "milliseconds";
  return isWhole ? Math.max(1, Math.round(step)) : step;
}

/** More than all does not exist: an axis of shares ends at 100 %. */
function capped(max: number, top: number, unit: Unit): number {
  return unit === "share" && top <= 1 ? Math.min(max, 1) : max;
}

function labelOf(value: number, step: number, unit: Unit, language: Language): string {
  if (value === 0 && unit !== "share") return "0";
  if (unit === "microdollars" && step < LARGE_STEP) return dollars(value, step, language);
  return formatValue(value, unit, language, "short");
}

/** All with as many digits as tell them apart. */
function dollars(value: number, step: number, language: Language): string {
  const needed = Math.max(0, Math.ceil(-Math.log10(step / DOLLAR) - 1e-9));
  const digits = step % DOLLAR === 0 ? 0 : Math.max(2, needed);
  return new Intl.NumberFormat(LOCALE[language], {
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value / DOLLAR);
}

/** 0.1 + 0.2 is 0.3 on an axis. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
