import { DICTIONARY, type Series, type Slug } from "@/api/types.ts";
import type { ChartSeries, Form, Ghost } from "@/charts/types.ts";

export type MetricChart = { series: ChartSeries[]; ghost: Ghost | undefined; form: Form };

/** One metric over time; sums stand on the ground, all else is a course. */
export function prepareMetric(
  slug: Slug,
  { buckets }: Pick<Series, "buckets">,
  before: Pick<Series, "buckets"> | undefined,
  titles: { now: string; before: string },
): MetricChart {
  const { unit, kind } = DICTIONARY[slug];
  const valuesOf = (of: Pick<Series, "buckets">) =>
    of.buckets.map(({ values }) => values[slug] ?? null);
  return {
    series: [{ id: slug, title: titles.now, unit, tone: 1, values: valuesOf({ buckets }) }],
    ghost: before && { title: titles.before, values: valuesOf(before) },
    form: kind === "additive" ? "bars" : "lines",
  };
}
