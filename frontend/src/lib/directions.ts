import type { Slug } from "@/api/types.ts";

/** Whether more of a metric is good news, bad news, or neither. */
export type Direction = "good" | "bad" | "neither";

const GOOD: readonly Slug[] = [
  "questions",
  "answers",
  "messages",
  "dialogs",
  "active_users",
  "new_users",
  "returning_users",
  "resurrected_users",
  "retention",
  "stickiness",
  "feedback_score",
  "likes",
  "delivered",
];

const NEITHER: readonly Slug[] = [
  "answer_length",
  "question_length",
  "tokens",
  "prompt_tokens",
  "completion_tokens",
  "cached_tokens",
  "reasoning_tokens",
  "calls",
  "cost",
  "edited",
  "estimated_cost_share",
  "saved_answers",
];

/** Whatever is neither of the above fails, waits, is refused or costs. */
export function directionOf(slug: Slug): Direction {
  if (GOOD.includes(slug)) return "good";
  return NEITHER.includes(slug) ? "neither" : "bad";
}
