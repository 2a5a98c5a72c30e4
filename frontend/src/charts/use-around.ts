import { useQuery } from "@tanstack/react-query";
import { seriesQuery } from "@/api/queries.ts";
import type { Series, Slug, Window } from "@/api/types.ts";
import { marksQuery, viewBefore } from "@/charts/queries.ts";
import type { Mark } from "@/charts/types.ts";
import type { View } from "@/lib/view.ts";

/** What stands around the numbers of a chart: what happened meanwhile, and how it was before. */
export type Around = {
  marks: readonly Mark[];
  /** Whether the marks are missing, so that a chart without any says nothing. */
  isBlind: boolean;
  before: Series | undefined;
};

const NO_MARKS: readonly Mark[] = [];

/** `window` is the one that the chart shows, as the API has answered it. */
export function useAround(view: View, window: Window | undefined, metric: Slug[]): Around {
  const marks = useQuery(marksQuery(view));
  const earlier = window ? viewBefore(view, window) : null;
  const before = useQuery({
    ...seriesQuery(earlier ?? view, metric),
    enabled: earlier !== null && metric.length > 0,
  });
  const isOurs = earlier !== null && !before.isPlaceholderData;
  return {
    marks: marks.data?.marks ?? NO_MARKS,
    isBlind: marks.isError && !marks.data,
    before: isOurs ? before.data : undefined,
  };
}
