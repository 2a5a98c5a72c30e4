import type { Turn } from "@/api/types.ts";

export type Call = Turn["calls"][number] & { number: number };

/** In the order in which they were made; of those made at once, the one that ended first leads. */
export function prepareCalls(calls: Turn["calls"]): Call[] {
  return [...calls]
    .sort(
      (one, other) =>
        Date.parse(one.created_at) - Date.parse(other.created_at) || ended(one) - ended(other),
    )
    .map((call, place) => ({ ...call, number: place + 1 }));
}

function ended({ duration_ms }: Turn["calls"][number]): number {
  return duration_ms ?? Number.MAX_SAFE_INTEGER;
}
