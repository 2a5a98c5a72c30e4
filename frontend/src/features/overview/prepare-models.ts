import type { Breakdown, Slug, Values } from "@/api/types.ts";

export type ModelRank = { model: string; value: number | null; share: number | null };

const SHOWN = 5;

/**
 * The first models by a metric, each with its part of the whole that the overview states. Questions
 * that came to no model are there as well, unless they have nothing of it.
 */
export function prepareModels(
  { slices, keys }: Pick<Breakdown, "slices" | "keys">,
  metric: Slug,
  totals: Values | undefined,
): { ranks: ModelRank[]; count: number } {
  const total = totals?.[metric];
  const worth = slices.filter(({ key, values }) => key !== "" || values[metric]);
  const ranks = worth
    .map(({ key, values }) => {
      const value = values[metric] ?? null;
      return { model: key, value, share: value !== null && total ? value / total : null };
    })
    .sort((one, other) => (other.value ?? 0) - (one.value ?? 0))
    .slice(0, SHOWN);
  return { ranks, count: keys - (slices.length - worth.length) };
}
