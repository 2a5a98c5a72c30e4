import type { Slug } from "@/api/types.ts";

/** Which numbers the page asks for. */

/** Those on the tiles, each of which can be drawn over time. */
export const CHARTED = [
  "cost",
  "cost_per_answer",
  "tokens",
  "answers",
  "first_visible_p95",
  "full_answer_p95",
  "call_error_rate",
  "fallback_rate",
] as const satisfies readonly Slug[];
export type Charted = (typeof CHARTED)[number];

export const LEDGER = [
  "saved_answers",
  "fallback_cost",
  "fallback_time",
  "fallback_rate",
] as const satisfies readonly Slug[];

export const FAILURES = ["failed", "failed_calls"] as const satisfies readonly Slug[];
export type Failure = (typeof FAILURES)[number];

/** Of the page's own window; `questions` tells whether there was anything at all. */
export const PAGE_METRICS: readonly Slug[] = [
  ...new Set<Slug>([...CHARTED, ...LEDGER, ...FAILURES, "estimated_cost_share", "questions"]),
];

/** The columns of the models; rows come in the order of the first. */
export const COLUMNS = [
  "cost",
  "cost_per_answer",
  "estimated_cost_share",
  "answers",
  "prompt_tokens",
  "completion_tokens",
  "cached_tokens",
  "feedback_score",
  "failed_calls",
  "call_error_rate",
] as const satisfies readonly Slug[];

export const BY_MODEL: readonly Slug[] = [...COLUMNS, ...LEDGER];

/** A person's wait in its parts, in their order, and two sums of such parts. */
export const PARTS = ["queue", "first_token", "generation", "delivery"] as const;
export const WAITS = ["first_visible", "full_answer"] as const;
export const STAGES = [...PARTS, ...WAITS] as const;
export type Stage = (typeof STAGES)[number];

export const PERCENTILES = ["p50", "p95", "p99"] as const;
export type Percentile = (typeof PERCENTILES)[number];

export function slugOf(stage: Stage, percentile: Percentile): Slug {
  return `${stage}_${percentile}`;
}

export const LATENCIES: readonly Slug[] = STAGES.flatMap((stage) =>
  PERCENTILES.map((percentile) => slugOf(stage, percentile)),
);
