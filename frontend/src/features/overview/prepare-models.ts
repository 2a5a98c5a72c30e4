import type { Breakdown, Slug, Values } from "@/api/types.ts";

export type ModelRank = { model: string; value: number | null; share: number | null };

const SHOWN = 6;

/** The first models by a metric, each with its part of the whole that the overview states. */
export function prepareModels(
  { slices }: Pick<Breakdown, "slices">,
  metric: Slug,
  totals: Values | undefined,
): ModelRank[] {
  const total = totals?.[metric];
  return slices
    .map(({ key, values }) => {
      const value = values[metric] ?? null;
      return { model: key, value, share: value !== null && total ? value / total : null };
    })
    .sort((one, other) => (other.value ?? 0) - (one.value ?? 0))
    .slice(0, SHOWN);
}
