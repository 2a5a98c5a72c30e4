import type { Span } from "@/charts/types.ts";
import { type BucketSize, formatBucket, formatTick } from "@/lib/dates.ts";
import type { Language } from "@/lib/language.tsx";

export type TimeTick = { place: number; x: number; label: string };
type Asked = {
  spans: readonly Span[];
  size: BucketSize;
  zone: string;
  language: Language;
  /** The middle of a bucket, in pixels. */
  centre: (place: number) => number;
  width: number;
  em: number;
};

/** The start of a bucket on the clock and the calendar of its zone. */
type Local = {
  place: number;
  span: Span;
  hour: number;
  /** Of the month. */
  date: number;
  /** Counted through, as weeks and months are: neighbours differ by one. */
  day: number;
  week: number;
  month: number;
};
type Choice = { keep: (at: Local, before: Local | undefined) => boolean; label: Label };
type Label = (at: Local) => string;

const LETTER = 0.58; // of an em: the mean width of a letter
const DAY_MS = 86_400_000;
const DAYS = 7;
const MONDAY_MS = Date.UTC(2026, 0, 5);

/** As many names of buckets as fit below the axis without touching each other. */
export function timeTicks(asked: Asked): TimeTick[] {
  const locals = localsOf(asked);
  const choices = choicesFor(asked);
  const fitting = choices
    .map((choice) => ticksOf(locals, choice, asked))
    .find((ticks) => ticks.length >= Math.min(2, locals.length) && areApart(ticks, asked.em));
  return fitting ?? ticksOf(locals.slice(0, 1), { keep: () => true, label: plain(asked) }, asked);
}

function ticksOf(locals: Local[], choice: Choice, { centre, width, em }: Asked): TimeTick[] {
  const ticks = locals
    .filter((at, place) => choice.keep(at, locals[place - 1]))
    .map((at) => {
      const label = choice.label(at);
      const half = textWidth(label, em) / 2;
      const x = Math.max(half, Math.min(width - half, centre(at.place)));
      return { place: at.place, x, label };
    });
  return withoutPushed(ticks, centre, em);
}

/** A name at an edge is pushed into the frame; if it meets its neighbour there, it goes. */
function withoutPushed(ticks: TimeTick[], centre: Asked["centre"], em: number): TimeTick[] {
  return ticks.filter((tick, place) => {
    const neighbour =
      place === 0 ? ticks[1] : place === ticks.length - 1 ? ticks.at(-2) : undefined;
    const isPushed = Math.abs(tick.x - centre(tick.place)) > 0.5;
    return !(isPushed && neighbour && ticks.length > 2) || isApart(tick, neighbour, em);
  });
}

function areApart(ticks: TimeTick[], em: number): boolean {
  return ticks.every((tick, place) => {
    const next = ticks[place + 1];
    return next === undefined || isApart(tick, next, em);
  });
}

function isApart(one: TimeTick, other: TimeTick, em: number): boolean {
  const room = (textWidth(one.label, em) + textWidth(other.label, em)) / 2 + em;
  return Math.abs(other.x - one.x) >= room;
}

export function textWidth(text: string, em: number): number {
  return text.length * LETTER * em;
}

const every =
  (count: number): Choice["keep"] =>
  ({ place }) =>
    place % count === 0;
const isNewDay: Choice["keep"] = (at, before) =>
  at.day !== (before?.day ?? unlessStart(at.hour === 0, at.day));
const isMonday: Choice["keep"] = (at, before) =>
  at.week !== (before?.week ?? unlessStart(at.day % DAYS === 0, at.week));
const isMonth =
  (count: number): Choice["keep"] =>
  (at, before) =>
    at.month % count === 0 && at.month !== (before?.month ?? unlessStart(at.date === 1, at.month));

/** What came before the first bucket: something else, if it is the start of its day, week or month. */
function unlessStart(isStart: boolean, own: number): number {
  return isStart ? own - 1 : own;
}

function both(one: Choice["keep"], other: Choice["keep"]): Choice["keep"] {
  return (at, before) => one(at, before) && other(at, before);
}

/** From the densest to the sparsest. */
function choicesFor(asked: Asked): Choice[] {
  const label = plain(asked);
  const months = [1, 3, 6, 12].map((count) => ({ keep: isMonth(count), label: month(asked) }));
  const fortnights = { keep: both(isMonday, ({ week }) => week % 2 === 0), label: day(asked) };
  const mondays = { keep: isMonday, label: day(asked) };
  switch (asked.size) {
    case "hour":
      return [...hours(asked), ...days(asked), mondays, fortnights];
    case "day":
      return [
        { keep: every(1), label: named(asked) },
        ...[1, 2, 3].map((count) => ({ keep: every(count), label })),
        mondays,
        fortnights,
        ...months,
      ];
    case "week":
      return [...[1, 2, 4].map((count) => ({ keep: every(count), label })), ...months];
    case "month":
      return [{ keep: every(1), label: month(asked) }, ...months];
  }
}

function hours(asked: Asked): Choice[] {
  const clock = plain(asked);
  const date = day(asked);
  return [1, 2, 3, 4, 6, 12].map((count) => ({
    keep: ({ hour }) => hour % count === 0,
    label: (at) => (at.hour === 0 ? date(at) : clock(at)),
  }));
}

function days(asked: Asked): Choice[] {
  const inTurn =
    (count: number): Choice["keep"] =>
    (at) =>
      at.day % count === 0;
  return [1, 2, 3].map((count) => ({ keep: both(isNewDay, inTurn(count)), label: day(asked) }));
}

function plain({ size, zone, language }: Asked): Label {
  return ({ span }) => formatTick(span.start, size, zone, language);
}

function day({ zone, language }: Asked): Label {
  return ({ span }) => formatTick(span.start, "day", zone, language);
}

function named({ zone, language }: Asked): Label {
  return ({ span }) => formatBucket(span.start, span.end, "day", zone, language);
}

/** A January bears the year's name. */
function month({ zone, language }: Asked): Label {
  return ({ span, month: number }) =>
    number % 12 === 0
      ? String(Math.floor(number / 12))
      : formatTick(span.start, "month", zone, language);
}

function localsOf({ spans, zone }: Asked): Local[] {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
  });
  return spans.map((span, place) => {
    const parts = new Map(
      format.formatToParts(new Date(span.start)).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: string) => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0;
    const midnight = Date.UTC(part("year"), part("month") - 1, part("day"));
    const day = (midnight - MONDAY_MS) / DAY_MS;
    return {
      place,
      span,
      hour: part("hour"),
      date: part("day"),
      day,
      week: Math.floor(day / DAYS),
      month: part("year") * 12 + part("month") - 1,
    };
  });
}
