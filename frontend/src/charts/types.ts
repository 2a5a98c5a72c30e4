import type { LinkProps } from "@tanstack/react-router";
import type { Bucket, Unit } from "@/api/types.ts";

export type Span = Pick<Bucket, "start" | "end" | "is_partial">;

/** Null is not known or has nothing to divide by: a gap, never a zero. */
export type Value = number | null | undefined;

/** A place in the row of colours; who has one keeps it when others are hidden. */
export type Tone = 1 | 2 | 3 | 4 | 5 | 6;

export type ChartSeries = {
  id: string;
  title: string;
  unit: Unit;
  values: readonly Value[];
  tone: Tone;
};

/** The compared window's values, each below the bucket that has the same place in its window. */
export type Ghost = { title: string; values: readonly Value[] };

export type MarkKind = "release" | "prompt" | "models" | "flood" | "breaker";
export type Mark = { at: string; kind: MarkKind; label: string };

export type Form = "bars" | "stack" | "lines";

/** Where a press leads, in the router's words. */
export type Target = Pick<LinkProps, "to" | "search" | "params">;

/** Whether a bucket is over, under way or cut by the window, or has not begun. */
export type State = "whole" | "partial" | "future";

/** The room of a bucket, in pixels. */
export type Band = { left: number; width: number; centre: number; state: State };

/** Room to draw in: pixels, and the size of small letters. */
export type Frame = { width: number; height: number; em: number };
