import type { Series } from "@/api/types.ts";
import type { ChartSeries, Tone } from "@/charts/types.ts";

/** Who of the active came how: each of a bucket's people is exactly one of these. */
export const GROWTH = ["returning_users", "new_users", "resurrected_users"] as const;
export type Growth = (typeof GROWTH)[number];

const TONES: Record<Growth, Tone> = { returning_users: 1, new_users: 2, resurrected_users: 3 };

/** From the ground up: those who stay, those who are new, those who are back. */
export function prepareGrowth(
  { buckets }: Pick<Series, "buckets">,
  titleOf: (slug: Growth) => string,
): ChartSeries[] {
  return GROWTH.map((slug) => ({
    id: slug,
    title: titleOf(slug),
    unit: "count",
    tone: TONES[slug],
    values: buckets.map(({ values }) => values[slug] ?? null),
  }));
}

/** Whether anybody came at all; the window's own total tells. */
export function isAnybody({ total }: Pick<Series, "total">): boolean {
  return (total.current.active_users ?? 0) > 0;
}
