import { scaleBand, scaleLinear } from "d3-scale";
import type { Window } from "@/api/types.ts";
import { type Bar, barsOf, stackOf } from "@/charts/prepare-bars.ts";
import { ghostOf, type Line, lineOf } from "@/charts/prepare-lines.ts";
import { type Flag, flagsOf } from "@/charts/prepare-marks.ts";
import { type TimeTick, textWidth, timeTicks } from "@/charts/prepare-times.ts";
import { valueAxis } from "@/charts/prepare-values.ts";
import type {
  Band,
  ChartSeries,
  Form,
  Frame,
  Ghost,
  Mark,
  Span,
  State,
  Value,
} from "@/charts/types.ts";
import type { Language } from "@/lib/language.tsx";

export type Asked = {
  window: Pick<Window, "as_of" | "bucket" | "timezone">;
  spans: readonly Span[];
  series: readonly ChartSeries[];
  ghost?: Ghost | undefined;
  marks?: readonly Mark[] | undefined;
  form: Form;
  frame: Frame;
  language: Language;
};

export type Plot = { left: number; right: number; top: number; bottom: number };

export type Drawing = {
  plot: Plot;
  bands: Band[];
  values: { y: number; label: string }[];
  times: TimeTick[];
  bars: Bar[];
  lines: Line[];
  ghost: string | null;
  flags: Flag[];
};

const FLAG_APART = 14;
const NOWHERE: Band = { left: 0, width: 0, centre: 0, state: "future" };

/** All decisions of a chart over time: what is drawn where. The component draws it. */
export function prepareTimeChart(asked: Asked): Drawing {
  const { spans, series, ghost, form, frame, language, window } = asked;
  const states = spans.map((span) => stateOf(span, window.as_of));
  const known = series.map((one) => ({ ...one, values: begun(one.values, states) }));
  const ghosts = ghost?.values.slice(0, spans.length) ?? [];
  const marks = asked.marks ?? [];
  const { em } = frame;
  const top = marks.length > 0 ? 1.7 * em : 0.7 * em;
  const bottom = frame.height - 1.9 * em;
  const unit = series[0]?.unit ?? "count";
  const wanted = Math.max(2, Math.floor((bottom - top) / (4.4 * em)));
  const axis = valueAxis(largest(known, ghosts, form), unit, wanted, language);
  const left = Math.ceil(Math.max(...axis.ticks.map((tick) => textWidth(tick.label, em)))) + em;
  const plot: Plot = { left, right: Math.max(left + 1, frame.width - 2), top, bottom };
  const y = scaleLinear([0, axis.max], [plot.bottom, plot.top]);
  const bands = bandsOf(plot, states);
  const band = (place: number) => bands[place] ?? NOWHERE;
  return {
    plot,
    bands,
    values: axis.ticks.map(({ value, label }) => ({ y: y(value), label })),
    times: timeTicks({
      spans,
      size: window.bucket,
      zone: window.timezone,
      language,
      centre: (place) => band(place).centre,
      width: frame.width,
      em,
    }),
    bars: form === "lines" ? [] : (form === "stack" ? stackOf : barsOf)(known, bands, y),
    lines: form === "lines" ? known.map((one) => lineOf(one, bands, y, known.length === 1)) : [],
    ghost: ghostOf(ghosts, bands, y, form === "lines"),
    flags: flagsOf(marks, spans, band, FLAG_APART),
  };
}

export function stateOf(span: Span, asOf: string): State {
  if (Date.parse(span.start) >= Date.parse(asOf)) return "future";
  return span.is_partial ? "partial" : "whole";
}

/** The bucket below a pointer; null beside the plot. */
export function placeAt(
  x: number,
  { plot, bands }: Pick<Drawing, "plot" | "bands">,
): number | null {
  if (x < plot.left || x > plot.right || bands.length === 0) return null;
  const place = Math.floor(((x - plot.left) / (plot.right - plot.left)) * bands.length);
  return Math.min(place, bands.length - 1);
}

/** The room of a bucket, between its neighbours' rooms. */
export function roomOf(place: number, { plot, bands }: Pick<Drawing, "plot" | "bands">) {
  const width = (plot.right - plot.left) / Math.max(bands.length, 1);
  return { left: plot.left + place * width, width };
}

function bandsOf(plot: Plot, states: State[]): Band[] {
  const scale = scaleBand(
    states.map((_, place) => place),
    [plot.left, plot.right],
  );
  return states.map((state, place) => {
    const left = scale(place) ?? plot.left;
    return { left, width: scale.bandwidth(), centre: left + scale.bandwidth() / 2, state };
  });
}

function begun(values: readonly Value[], states: State[]): (number | null)[] {
  return states.map((state, place) => (state === "future" ? null : (values[place] ?? null)));
}

function largest(
  series: readonly { values: (number | null)[] }[],
  ghost: readonly Value[],
  form: Form,
): number {
  const seen = form === "stack" ? sums(series) : series.flatMap(({ values }) => values);
  return Math.max(0, ...[...seen, ...ghost].map((value) => value ?? 0));
}

function sums(series: readonly { values: (number | null)[] }[]): number[] {
  const length = Math.max(0, ...series.map(({ values }) => values.length));
  return Array.from({ length }, (_, place) =>
    series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  );
}
