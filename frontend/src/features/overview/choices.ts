/** What the overview counts, each of which its chart can show. */
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

/** What one may choose on the overview. */
export const CHOICES = { metric: CHART_METRICS };
