import type { Slug, Values } from "@/api/types.ts";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import type { Language } from "@/lib/language.tsx";

/** Beside each number the one that is asked for next, if it is known. */
export function factOf(slug: Slug, values: Values, language: Language): string | undefined {
  const [other, tell] = TOLD[slug] ?? [];
  const value = other && values[other];
  return tell && typeof value === "number"
    ? OVERVIEW_WORDS[language].facts[tell](value)
    : undefined;
}

type Fact = keyof (typeof OVERVIEW_WORDS)[Language]["facts"];

const TOLD: Partial<Record<Slug, [Slug, Fact]>> = {
  questions: ["dialogs", "dialogs"],
  answers: ["answer_length", "length"],
  active_users: ["new_users", "newcomers"],
  cost: ["estimated_cost_share", "estimated"],
  error_rate: ["declined_rate", "declined"],
  full_answer_p95: ["full_answer_p50", "median"],
  feedback_score: ["stopped_rate", "stopped"],
  fallback_rate: ["saved_answers", "saved"],
};
