import type { Span } from "@/charts/types.ts";

const HOUR_MS = 3_600_000;

/** Buckets of so many hours after each other. */
export function spansOf(count: number, start: string, hours = 24): Span[] {
  const first = Date.parse(start);
  const at = (place: number) =>
    new Date(first + place * hours * HOUR_MS).toISOString().replace(".000Z", "Z");
  return Array.from({ length: count }, (_, place) => ({
    start: at(place),
    end: at(place + 1),
    is_partial: false,
  }));
}

/** Buckets that begin at these local moments, as where clocks are changed. */
export function spansAt(moments: readonly string[]): Span[] {
  return moments.slice(0, -1).map((start, place) => ({
    start,
    end: moments[place + 1] ?? start,
    is_partial: false,
  }));
}
