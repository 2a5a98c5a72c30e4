import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import type { Window } from "@/api/types.ts";
import { askedOf, given, type View, withSpan } from "@/lib/view.ts";

/** Moments at which numbers may change. They are a bot's, whatever else the view is narrowed to. */
export const marksQuery = (view: View) => {
  const { from, to, period, tz, bot } = view;
  const { compare: _compare, ...query } = askedOf(given({ from, to, period, tz, bot }));
  return queryOptions({
    queryKey: ["stats", "marks", ...Object.entries(query).flat()], // no view: its window has no comparison
    queryFn: ({ signal }) => answer(api.GET("/api/v1/stats/marks", { params: { query }, signal })),
  });
};

/** The window that `window` is compared with, in buckets of the same size; null if with none. */
export function viewBefore(view: View, window: Window): View | null {
  const { previous_start: start, previous_end: end, bucket, timezone } = window;
  if (!start || !end) return null;
  return { ...withSpan(view, start, end), bucket, tz: timezone, compare: "none" };
}
