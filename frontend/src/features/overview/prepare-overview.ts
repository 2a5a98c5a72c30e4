import type { Bucket, Overview, Series } from "@/api/types.ts";

const HOUR_MS = 3_600_000;

/**
 * The overview as a series: its totals, and its buckets with what only `rates` has of them. Rates of
 * other buckets, as while another window is on its way, are left out.
 */
export function seriesOf(
  { window, summary, activity }: Pick<Overview, "window" | "summary" | "activity">,
  rates: Pick<Series, "buckets"> | undefined,
): Series {
  const more = rates && areSame(activity, rates.buckets) ? rates.buckets : [];
  return {
    window,
    total: summary,
    buckets: activity.map((bucket, place) => ({
      ...bucket,
      values: { ...bucket.values, ...more[place]?.values },
    })),
  };
}

/** Nothing was asked, neither now nor before. */
export function isQuiet({ total: { current, previous } }: Pick<Series, "total">): boolean {
  return !(current.questions || previous?.questions);
}

/** The last 24 hours end with the hour that is running: that is as good as over. */
export function stageOf(start: number, end: number, now: number): "notBegun" | "underWay" | "over" {
  if (start >= now) return "notBegun";
  return end - now > HOUR_MS ? "underWay" : "over";
}

function areSame(buckets: readonly Bucket[], others: readonly Bucket[]): boolean {
  const ends = (of: readonly Bucket[]) => `${of.length} ${of[0]?.start} ${of.at(-1)?.end}`;
  return ends(buckets) === ends(others);
}
