import type { Retention } from "@/api/types.ts";
import type { BucketSize } from "@/lib/dates.ts";
import { presets, viewOf } from "@/lib/span.ts";
import { DEFAULT_PERIOD, type View, withPeriod } from "@/lib/view.ts";

export type CohortSize = Exclude<BucketSize, "hour">;

/** How many of a cohort came in a later span; `share` is null where the cohort is nobody. */
export type CohortCell = {
  offset: number;
  start: string;
  end: string;
  active: number;
  share: number | null;
  shade: Shade;
  isPartial: boolean;
};

export type CohortRow = {
  start: string;
  end: string;
  size: number;
  /** Its own span is not over, or the window cuts it. */
  isPartial: boolean;
  cells: CohortCell[];
};

/** Over all cohorts that have lived through a whole span `offset` spans after their own. */
export type CohortMean = { offset: number; share: number | null; shade: Shade; cohorts: number };

export type CohortSquare = {
  size: CohortSize;
  people: number;
  offsets: number[];
  means: CohortMean[];
  rows: CohortRow[];
};

export type Shade = 0 | 1 | 2 | 3 | 4;

/** The least share of each shade but the palest, which is for nobody. */
const SHADES: readonly (readonly [least: number, Shade])[] = [
  [0.75, 4],
  [0.5, 3],
  [0.25, 2],
  [Number.MIN_VALUE, 1],
];

const DAY_MS = 86_400_000;
const SIZES: readonly CohortSize[] = ["day", "week", "month"];
const QUARTER = 90;
const DAYS = { day: 1, week: 7, month: 30 };
/** The longest window, in days, whose square of days or weeks can be read. */
const READABLE = { day: 14, week: 120 };

/** The sizes to ask with, in order: the next one where the API finds the square too large. */
export function cohortSizes(view: View): CohortSize[] {
  return SIZES.slice(SIZES.indexOf(firstSize(view)));
}

/** `asOf` is the moment of the answer: what lies after it has not happened. */
export function prepareCohorts(retention: Retention, asOf: string): CohortSquare {
  const spans = spansOf(retention, Date.parse(asOf));
  const rows = retention.cohorts.slice(0, spans.length).map((cohort, place) => {
    const own = spans.slice(place);
    return {
      start: cohort.start,
      end: own[0]?.end ?? retention.end,
      size: cohort.size,
      isPartial: own[0]?.isPartial ?? true,
      cells: own.slice(1).map((span, later) => cell(cohort, later + 1, span)),
    };
  });
  const offsets = spans.slice(1).map((_, place) => place + 1);
  return {
    size: sizeOf(retention),
    people: rows.reduce((sum, row) => sum + row.size, 0),
    offsets,
    means: offsets.map((offset) => meanOf(rows, offset)),
    rows,
  };
}

/** A longer window that may have newcomers; null where this one is long already. */
export function widerView(view: View, today: string): View | null {
  const days = daysOf(view);
  if (days < DAYS.month) return withPeriod(view, "month");
  return days < QUARTER ? viewOf(view, presets(today).quarter) : null;
}

type CohortSpan = { start: string; end: string; isPartial: boolean };

function spansOf({ cohorts, end, bucket }: Retention, asOf: number): CohortSpan[] {
  return cohorts
    .map(({ start }, place) => ({ start, end: cohorts[place + 1]?.start ?? end }))
    .filter(({ start }) => Date.parse(start) < asOf)
    .map((span) => ({ ...span, isPartial: Date.parse(span.end) > asOf || isCut(span, bucket) }));
}

function cell(
  cohort: { size: number; active: number[] },
  offset: number,
  span: CohortSpan,
): CohortCell {
  const active = cohort.active[offset] ?? 0;
  const share = cohort.size === 0 ? null : active / cohort.size;
  return { ...span, offset, active, share, shade: shadeOf(share) };
}

function meanOf(rows: CohortRow[], offset: number): CohortMean {
  const whole = rows.flatMap((row) => {
    const found = row.cells[offset - 1];
    return found && !found.isPartial && row.size > 0 ? [{ size: row.size, ...found }] : [];
  });
  const people = whole.reduce((sum, { size }) => sum + size, 0);
  const active = whole.reduce((sum, one) => sum + one.active, 0);
  const share = people === 0 ? null : active / people;
  return { offset, share, shade: shadeOf(share), cohorts: whole.length };
}

function shadeOf(share: number | null): Shade {
  return SHADES.find(([least]) => (share ?? 0) >= least)?.[1] ?? 0;
}

/** Weeks begin on Mondays; the window may cut its first span and its last. */
function isCut({ start, end }: { start: string; end: string }, bucket: BucketSize): boolean {
  const days = (Date.parse(end) - Date.parse(start)) / DAY_MS;
  if (bucket === "week") return days < 7;
  return bucket === "month" && (!start.includes("-01T") || !end.includes("-01T"));
}

function sizeOf({ bucket }: Retention): CohortSize {
  return bucket === "hour" ? "day" : bucket;
}

function firstSize(view: View): CohortSize {
  if (view.bucket) return view.bucket === "hour" ? "day" : view.bucket;
  const days = daysOf(view);
  if (days <= READABLE.day) return "day";
  return days <= READABLE.week ? "week" : "month";
}

function daysOf({ from, to, period }: View): number {
  if (!from || !to) return DAYS[period ?? DEFAULT_PERIOD];
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}
