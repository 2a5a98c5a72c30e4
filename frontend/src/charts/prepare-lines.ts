import { area, line } from "d3-shape";
import type { Band, Tone, Value } from "@/charts/types.ts";

export type Dot = { place: number; x: number; y: number };
export type Line = {
  id: string;
  tone: Tone;
  /** Between buckets that are over. */
  whole: string;
  /** To and from buckets that are not. */
  partial: string;
  /** Below a line that is alone. */
  area: string;
  /** Those without a neighbour, which no line would show. */
  alone: Dot[];
  /** Of each bucket. */
  heights: (number | null)[];
};
type Known = { id: string; tone: Tone; values: (number | null)[] };
type Scale = (value: number) => number;
type Point = { x: number; y: number | null; isPartial: boolean };

/** A line that breaks where a value is missing, and is dashed where a bucket is not over. */
export function lineOf(
  { id, tone, values }: Known,
  bands: readonly Band[],
  y: Scale,
  isOnly: boolean,
): Line {
  const points = bands.map(({ centre, state }, place): Point => {
    const value = values[place] ?? null;
    return { x: centre, y: value === null ? null : y(value), isPartial: state === "partial" };
  });
  const drawArea = area<Point>()
    .defined(isKnown)
    .x(({ x }) => x)
    .y0(y(0))
    .y1(height);
  return {
    id,
    tone,
    whole: runs(points, (one, next) => !(one.isPartial || next.isPartial)),
    partial: runs(points, (one, next) => one.isPartial || next.isPartial),
    area: isOnly ? (drawArea.digits(2)(points) ?? "") : "",
    heights: points.map((point) => point.y),
    alone: points.flatMap((point, place) =>
      point.y !== null && !isKnown(points[place - 1]) && !isKnown(points[place + 1])
        ? [{ place, x: point.x, y: point.y }]
        : [],
    ),
  };
}

/** The compared values: a line, or steps as wide as the bars before it. */
export function ghostOf(
  values: readonly Value[],
  bands: readonly Band[],
  y: Scale,
  isLine: boolean,
): string | null {
  const points = values.flatMap((value, place): Point[] => {
    const band = bands[place];
    if (!band) return [];
    const height = typeof value === "number" ? y(value) : null;
    const at = (x: number): Point => ({ x, y: height, isPartial: false });
    return isLine ? [at(band.centre)] : [at(band.left), at(band.left + band.width)];
  });
  const draw = line<Point>()
    .defined(isKnown)
    .x(({ x }) => x)
    .y(height)
    .digits(2);
  return draw(points) || null;
}

/** The stretches between neighbours that are of one kind, as one path. */
function runs(points: Point[], fits: (one: Point, next: Point) => boolean): string {
  let path = "";
  let isOpen = false;
  points.forEach((point, place) => {
    const next = points[place + 1];
    const goesOn = isKnown(point) && isKnown(next) && fits(point, next);
    if (goesOn && !isOpen) path += `M${at(point)}`;
    if (goesOn) path += `L${at(next)}`;
    isOpen = goesOn;
  });
  return path;
}

function isKnown(point: Point | undefined): point is Point & { y: number } {
  return point !== undefined && point.y !== null;
}

function height({ y }: Point): number {
  return y ?? 0;
}

function at({ x, y }: Point & { y: number }): string {
  return `${Math.round(x * 100) / 100},${Math.round(y * 100) / 100}`;
}
