import type { Unit } from "@/api/types.ts";
import { HOUR_KEYS } from "@/charts/prepare-hours.ts";
import { textWidth } from "@/charts/prepare-times.ts";
import type { Frame, Value } from "@/charts/types.ts";
import { weekdayNames } from "@/lib/dates.ts";
import { formatValue } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

/** 0 is zero; null is not known; the rest are steps up to the largest value. */
export type Heat = 0 | 1 | 2 | 3 | 4 | 5 | null;
export type Cell = { key: string; x: number; y: number; heat: Heat; value: Value };
export type HeatDrawing = {
  cells: Cell[];
  size: { width: number; height: number };
  days: { y: number; label: string }[];
  hours: { x: number; label: string }[];
  steps: { heat: Heat; label: string }[];
};

export const HEAT_STEPS = 5;
const HOURS = 24;
const GAP = 2;
const LABELLED = [1, 2, 3, 6, 12];

export function prepareHeatMap(
  values: Record<string, Value>,
  unit: Unit,
  frame: Frame,
  language: Language,
): HeatDrawing {
  const { width, height, em } = frame;
  const names = weekdayNames(language);
  const left = Math.ceil(Math.max(...names.map((name) => textWidth(name, em)))) + 0.6 * em;
  const bottom = 1.8 * em;
  const column = Math.max(1, (width - left) / HOURS);
  const row = (height - bottom) / names.length;
  const largest = Math.max(0, ...Object.values(values).map((value) => value ?? 0));
  const step = stepOf(largest, unit);
  const every =
    LABELLED.find((count) => column * count >= textWidth("00:00", em) + em) ?? LABELLED.length;
  return {
    cells: HOUR_KEYS.map((key, place) => ({
      key,
      x: left + (place % HOURS) * column,
      y: Math.floor(place / HOURS) * row,
      heat: heatOf(values[key], step),
      value: values[key],
    })),
    size: { width: Math.max(1, column - GAP), height: row - GAP },
    days: names.map((label, day) => ({ y: (day + 0.5) * row - GAP / 2, label })),
    hours: Array.from({ length: Math.ceil(HOURS / every) }, (_, place) => ({
      x: left + place * every * column,
      label: `${String(place * every).padStart(2, "0")}:00`,
    })),
    steps: legendOf(step, Math.max(1, Math.ceil(largest / step - 1e-9)), unit, language),
  };
}

export function heatOf(value: Value, step: number): Heat {
  if (value === null || value === undefined) return null;
  if (value <= 0) return 0;
  return Math.min(HEAT_STEPS, Math.ceil(value / step - 1e-9)) as Heat;
}

/** A fifth of the largest value; of things that are counted, whole ones. */
function stepOf(largest: number, unit: Unit): number {
  const step = largest / HEAT_STEPS || 1;
  return isCounted(unit) ? Math.ceil(step) : step;
}

function legendOf(
  step: number,
  count: number,
  unit: Unit,
  language: Language,
): HeatDrawing["steps"] {
  const written = (value: number) => formatValue(value, unit, language, "short");
  const steps = Array.from({ length: count }, (_, place) => {
    const first = isCounted(unit) ? place * step + 1 : place * step;
    const last = (place + 1) * step;
    const label = first === last ? written(last) : `${written(first)}–${written(last)}`;
    return { heat: (place + 1) as Heat, label };
  });
  return [{ heat: 0, label: written(0) }, ...steps];
}

/** "Mon, 09:00–10:00" of 1-09. */
export function hourName(key: string, language: Language): string {
  const [day, hour] = key.split("-").map(Number);
  const clock = (at: number) => `${String(at % HOURS).padStart(2, "0")}:00`;
  return `${weekdayNames(language)[(day ?? 1) - 1]}, ${clock(hour ?? 0)}–${clock((hour ?? 0) + 1)}`;
}

function isCounted(unit: Unit): boolean {
  return unit === "count" || unit === "tokens" || unit === "characters";
}
