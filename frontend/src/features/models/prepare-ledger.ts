import type { Breakdown, Values } from "@/api/types.ts";
import { LEDGER } from "@/features/models/metrics.ts";

type Slice = Breakdown["slices"][number];

/** Models to which a fallback has led, whoever saved most first. */
export function prepareLedger({ slices }: Pick<Breakdown, "slices">): Slice[] {
  return slices
    .filter(({ values }) => LEDGER.some((slug) => Boolean(values[slug])))
    .sort((one, other) => (other.values.saved_answers ?? 0) - (one.values.saved_answers ?? 0));
}

/** Whether any question needed a second call. */
export function isAnyFallback(values: Values): boolean {
  return LEDGER.some((slug) => Boolean(values[slug]));
}
