import { type Dot, lineOf } from "@/charts/prepare-lines.ts";
import type { Band, Value } from "@/charts/types.ts";

export type Spark = {
  whole: string;
  partial: string;
  area: string;
  alone: Dot[];
  last: Dot | null;
};

const SIZE = 100;

/** From zero to the largest, on a square that the component stretches. */
export function prepareSparkline(values: readonly Value[], isLastPartial: boolean): Spark {
  const known = values.map((value) => value ?? null);
  const largest = Math.max(0, ...known.map((value) => value ?? 0)) || 1;
  const y = (value: number) => SIZE - (value / largest) * SIZE;
  const step = known.length > 1 ? SIZE / (known.length - 1) : 0;
  const lastPlace = known.findLastIndex((value) => value !== null);
  const bands = known.map((_, place): Band => {
    const state = isLastPartial && place === known.length - 1 ? "partial" : "whole";
    return { left: place * step, width: step, centre: place * step, state };
  });
  const { whole, partial, area, alone } = lineOf(
    { id: "spark", tone: 1, values: known },
    bands,
    y,
    true,
  );
  const last = known[lastPlace];
  return {
    whole,
    partial,
    area,
    alone,
    last: typeof last === "number" ? { place: lastPlace, x: lastPlace * step, y: y(last) } : null,
  };
}
