import { DICTIONARY, type Series } from "@/api/types.ts";
import type { ChartSeries, Tone } from "@/charts/types.ts";
import { PERCENTILES, type Percentile, type Stage, slugOf } from "@/features/models/metrics.ts";

const TONES: Record<Percentile, Tone> = { p50: 1, p95: 2, p99: 4 };

/** The percentiles of one stage over time; a bucket in which nobody was answered is a gap. */
export function prepareCourses(stage: Stage, { buckets }: Pick<Series, "buckets">): ChartSeries[] {
  return PERCENTILES.map((percentile) => {
    const slug = slugOf(stage, percentile);
    return {
      id: percentile,
      title: percentile,
      unit: DICTIONARY[slug].unit,
      tone: TONES[percentile],
      values: buckets.map(({ values }) => values[slug] ?? null),
    };
  });
}
