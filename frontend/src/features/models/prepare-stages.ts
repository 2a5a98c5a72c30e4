import type { Values } from "@/api/types.ts";
import {
  PERCENTILES,
  type Percentile,
  STAGES,
  type Stage,
  slugOf,
} from "@/features/models/metrics.ts";
import { formatValue } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

/** Places on the axis in percent of its length. */
type Places = Record<Percentile, number>;

export type StageRow = {
  stage: Stage;
  texts: Record<Percentile, string>;
  /** Null where nobody waited for anything. */
  places: Places | null;
};

export type Tick = { at: number; text: string };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Where the axis may begin, end and have lines: each a multiple of the one before, none is zero. */
const LINES = [1, 10, 100, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, 100 * HOUR];
const QUIET = [10, 10 * SECOND];

/**
 * Stages side by side on one axis by orders of magnitude: a queue of milliseconds and an answer of
 * seconds are both to be seen.
 */
export function prepareStages(
  values: Values,
  language: Language,
): { rows: StageRow[]; ticks: Tick[] } {
  const lines = linesAround(STAGES.flatMap((stage) => knownOf(values, stage)));
  const [first = 1, last = 10] = [lines[0], lines.at(-1)];
  const place = (value: number) => {
    const share = Math.log(Math.max(value, first) / first) / Math.log(last / first);
    return Math.min(100, share * 100);
  };
  return {
    ticks: lines.map((line) => ({
      at: place(line),
      text: formatValue(line, "milliseconds", language),
    })),
    rows: STAGES.map((stage) => ({
      stage,
      texts: byPercentile((one) =>
        formatValue(values[slugOf(stage, one)], "milliseconds", language),
      ),
      places: placesOf(values, stage, place),
    })),
  };
}

/** The lines from the last one below the smallest value to the first one above the largest. */
function linesAround(values: number[]): number[] {
  const seen = values.length > 0 ? values : QUIET;
  const [smallest, largest] = [Math.min(...seen), Math.max(...seen)];
  const from = Math.max(
    0,
    LINES.findLastIndex((line) => line <= smallest),
  );
  const above = LINES.findIndex((line) => line >= largest);
  const to = above === -1 ? LINES.length - 1 : Math.max(above, from + 1);
  return LINES.slice(from, to + 1);
}

function placesOf(values: Values, stage: Stage, place: (value: number) => number): Places | null {
  if (knownOf(values, stage).length < PERCENTILES.length) return null;
  return byPercentile((one) => place(values[slugOf(stage, one)] ?? 0));
}

function knownOf(values: Values, stage: Stage): number[] {
  return PERCENTILES.flatMap((one) => values[slugOf(stage, one)] ?? []);
}

function byPercentile<T>(of: (percentile: Percentile) => T): Record<Percentile, T> {
  return { p50: of("p50"), p95: of("p95"), p99: of("p99") };
}
