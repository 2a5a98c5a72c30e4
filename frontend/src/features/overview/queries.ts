import { seriesQuery } from "@/api/queries.ts";
import { fitting } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";

/** The overview's own answer has these as totals alone, and not by bucket. */
const RATES = ["error_rate", "full_answer_p95", "feedback_score", "fallback_rate"] as const;

export const ratesQuery = (view: View) =>
  seriesQuery({ ...view, compare: "none" }, fitting(RATES, view));
