import type { Slug } from "@/api/types.ts";

/** What people said and did, and what went wrong: each number has a tile and can be drawn. */
export const SAID = [
  "feedback_score",
  "likes",
  "dislikes",
  "edited",
  "stopped",
  "stopped_rate",
] as const satisfies readonly Slug[];
export const WRONG = [
  "error_rate",
  "partial",
  "declined",
  "declined_rate",
  "delivery_unknown",
  "undeliverable",
] as const satisfies readonly Slug[];
export const CHARTED = [...SAID, ...WRONG] as const;
export type Charted = (typeof CHARTED)[number];

/** With what tells whether there was anything at all, and how many are behind a share. */
export const PAGE_METRICS: readonly Slug[] = ["questions", "failed", ...CHARTED];

/** The columns of the breakdown, a count with its share; rows come in the order of the first. */
export const COLUMNS = [
  { slug: "questions" },
  { slug: "feedback_score" },
  { slug: "likes" },
  { slug: "dislikes" },
  { slug: "edited" },
  { slug: "stopped", rate: "stopped_rate" },
  { slug: "failed", rate: "error_rate" },
  { slug: "partial" },
  { slug: "declined", rate: "declined_rate" },
  { slug: "delivery_unknown" },
  { slug: "undeliverable" },
] as const satisfies readonly { slug: Slug; rate?: Slug }[];

export type QualityColumn = { slug: Slug; rate?: Slug };

export const BROKEN_DOWN: readonly Slug[] = COLUMNS.flatMap(({ slug, rate }: QualityColumn) =>
  rate ? [slug, rate] : [slug],
);

export const DIMENSIONS = ["model", "language", "kind", "outcome"] as const;
export type By = (typeof DIMENSIONS)[number];
