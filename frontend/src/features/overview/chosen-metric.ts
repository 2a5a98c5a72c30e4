/** What the overview counts; `metric=` in its address says which of them its chart shows. */
export const CHART_METRICS = [
  "questions",
  "answers",
  "active_users",
  "cost",
  "error_rate",
  "full_answer_p95",
  "feedback_score",
  "fallback_rate",
  "tokens",
] as const;

export type ChartMetric = (typeof CHART_METRICS)[number];

export const DEFAULT_METRIC: ChartMetric = "questions";
