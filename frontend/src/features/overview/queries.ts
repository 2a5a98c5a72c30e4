import { seriesQuery } from "@/api/queries.ts";
import type { Slug } from "@/api/types.ts";
import { fitting } from "@/lib/metrics.ts";
import { FILTERS, type View } from "@/lib/view.ts";

/** The overview's own answer has these as totals alone, and not by bucket. */
const RATES = ["error_rate", "full_answer_p95", "feedback_score", "fallback_rate"] as const;

export const ratesQuery = (view: View) =>
  seriesQuery({ ...view, compare: "none" }, fittingIn(view, RATES));

/** Those that the filters of the view can narrow. */
export function fittingIn<S extends Slug>(view: View, slugs: readonly S[]): S[] {
  const filters = FILTERS.filter((filter) => view[filter] !== undefined);
  return slugs.filter((slug) => fitting([slug], filters).length > 0);
}
