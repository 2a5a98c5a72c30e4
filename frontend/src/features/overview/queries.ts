import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client.ts";
import { seriesQuery } from "@/api/queries.ts";
import type { Slug, Window } from "@/api/types.ts";
import { fitting } from "@/lib/metrics.ts";
import { askedOf, FILTERS, type View, withSpan } from "@/lib/view.ts";

/** The overview's own answer has these as totals alone, and not by bucket. */
const RATES: readonly Slug[] = ["error_rate", "full_answer_p95", "feedback_score", "fallback_rate"];

export function ratesQuery(view: View) {
  return seriesQuery({ ...view, compare: "none" }, fittingIn(view, RATES));
}

/** The chosen metric in the window that `window` is compared with; null without one. */
export function ghostQuery(view: View, window: Window | undefined, metric: Slug) {
  const { previous_start, previous_end, bucket } = window ?? {};
  const canAsk = previous_start && previous_end && fittingIn(view, [metric]).length > 0;
  if (!canAsk) return { ...seriesQuery(view, [metric]), enabled: false };
  const before: View = { ...withSpan(view, previous_start, previous_end), compare: "none" };
  return seriesQuery(bucket ? { ...before, bucket } : before, [metric]);
}

export const marksQuery = (view: View) => {
  const { compare: _compare, bucket: _bucket, ...rest } = askedOf(view);
  const { model: _model, language: _language, user: _user, ...query } = rest;
  return queryOptions({
    queryKey: ["stats", "marks", ...Object.entries(query).flat()],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/stats/marks", { params: { query }, signal })),
  });
};

export function fittingIn(view: View, slugs: readonly Slug[]): Slug[] {
  return fitting(
    slugs,
    FILTERS.filter((filter) => view[filter] !== undefined),
  );
}
