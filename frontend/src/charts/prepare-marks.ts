import { bisectRight } from "d3-array";
import type { Mark, Span } from "@/charts/types.ts";

/** `place` is the bucket of its first mark. */
export type Flag = { x: number; place: number; marks: Mark[] };
const CLOTH = 10;
const REACH = 3;

type Band = { left: number; width: number };

/** Marks as flags above their moments; those nearer than `apart` pixels share one. */
export function flagsOf(
  marks: readonly Mark[],
  spans: readonly Span[],
  band: (place: number) => Band,
  apart: number,
): Flag[] {
  const starts = spans.map(({ start }) => Date.parse(start));
  const placed = marks
    .flatMap((mark) => {
      const moment = Date.parse(mark.at);
      const place = bisectRight(starts, moment) - 1;
      const end = Date.parse(spans[place]?.end ?? "");
      const start = starts[place] ?? end;
      if (!(moment < end)) return [];
      const { left, width } = band(place);
      return [{ x: left + ((moment - start) / (end - start)) * width, place, mark }];
    })
    .sort((one, other) => one.x - other.x);
  const flags: Flag[] = [];
  for (const { x, place, mark } of placed) {
    const last = flags.at(-1);
    if (last && x - last.x < apart) last.marks.push(mark);
    else flags.push({ x, place, marks: [mark] });
  }
  return flags;
}

/** The flag at `x`, whose cloth flies to the right of its pole. */
export function flagAt(flags: readonly Flag[], x: number): Flag | undefined {
  return flags.find((flag) => x >= flag.x - REACH && x <= flag.x + CLOTH + REACH);
}

/** The marks of one bucket, for those who walk through the chart by keys. */
export function marksIn(marks: readonly Mark[], span: Span): Mark[] {
  const [start, end] = [Date.parse(span.start), Date.parse(span.end)];
  return marks.filter(({ at }) => start <= Date.parse(at) && Date.parse(at) < end);
}
