import type { Turn } from "@/api/types.ts";

export type Call = Turn["calls"][number];

/** In the order in which they were made; of those made at once, the one that ended first leads. */
export function prepareCalls(calls: readonly Call[]): Call[] {
  return [...calls].sort(
    (one, other) =>
      Date.parse(one.created_at) - Date.parse(other.created_at) || ended(one) - ended(other),
  );
}

function ended({ duration_ms }: Call): number {
  return duration_ms ?? Number.MAX_SAFE_INTEGER;
}
