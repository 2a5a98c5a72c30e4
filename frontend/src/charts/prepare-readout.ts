import type { Window } from "@/api/types.ts";
import { marksIn } from "@/charts/prepare-marks.ts";
import { stateOf } from "@/charts/prepare-time-chart.ts";
import type { ChartSeries, Ghost, Mark, Span, Tone } from "@/charts/types.ts";
import { CHART_WORDS } from "@/charts/words.ts";
import { formatBucket, formatMoment, formatTime } from "@/lib/dates.ts";
import { differenceOf } from "@/lib/difference.ts";
import { formatValue } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";
import { shownName } from "@/lib/shown-name.ts";

export type Row = {
  id: string;
  title: string;
  value: string;
  tone: Tone | "ghost";
  change?: string;
};

/** What is said of one bucket. */
export type Readout = { title: string; rows: Row[]; notes: string[]; marks: string[] };

type Asked = {
  window: Pick<Window, "as_of" | "bucket" | "timezone">;
  spans: readonly Span[];
  series: readonly ChartSeries[];
  ghost?: Ghost | undefined;
  marks?: readonly Mark[] | undefined;
  language: Language;
};

export function readoutOf(place: number, asked: Asked): Readout | null {
  const { spans, series, window, language } = asked;
  const span = spans[place];
  if (!span) return null;
  const { bucket, timezone } = window;
  const isFuture = stateOf(span, window.as_of) === "future";
  return {
    title: formatBucket(span.start, span.end, bucket, timezone, language),
    rows: [
      ...series.map(({ id, title, unit, values, tone }): Row => {
        const value = isFuture ? null : values[place];
        return { id, title, value: formatValue(value, unit, language), tone };
      }),
      ...ghostRow(place, asked, isFuture),
    ],
    notes: notesOf(span, asked),
    marks: marksIn(asked.marks ?? [], span).map((mark) => markText(mark, window, language)),
  };
}

/** As one sentence, for those who hear the page. */
export function readoutText({ title, rows, notes, marks }: Readout): string {
  const values = rows.map((row) => `${row.title} ${row.value}`).join(", ");
  return [`${title}: ${values}`, ...notes, ...marks].join(". ");
}

/** The same with the marks of a flag, which may be those of several buckets. */
export function withMarks(
  readout: Readout | undefined,
  marks: readonly Mark[],
  window: Asked["window"],
  language: Language,
): Readout | undefined {
  return readout && { ...readout, marks: marks.map((mark) => markText(mark, window, language)) };
}

function markText(
  { at, kind, label }: Mark,
  { bucket, timezone }: Asked["window"],
  language: Language,
): string {
  const isShort = bucket === "hour" || bucket === "day";
  const moment = (isShort ? formatTime : formatMoment)(at, timezone, language);
  return `${moment} ${CHART_WORDS[language].kinds[kind]}: ${shownName(label)}`;
}

function ghostRow(place: number, { series, ghost, language }: Asked, isFuture: boolean): Row[] {
  const first = series[0];
  if (!ghost || !first) return [];
  const before = ghost.values[place];
  const now = isFuture ? null : first.values[place];
  const difference = differenceOf(now, before, first.unit, language);
  return [
    {
      id: "ghost",
      title: ghost.title,
      value: formatValue(before, first.unit, language),
      tone: "ghost",
      ...(difference?.text && difference.sign !== 0 ? { change: difference.text } : {}),
    },
  ];
}

function notesOf(span: Span, { window, language }: Asked): string[] {
  const words = CHART_WORDS[language];
  const state = stateOf(span, window.as_of);
  if (state === "future") return [words.isFuture];
  if (state === "whole") return [];
  return [Date.parse(span.end) > Date.parse(window.as_of) ? words.isUnderWay : words.isCut];
}
