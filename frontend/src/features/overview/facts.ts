import type { Slug, Values } from "@/api/types.ts";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import type { Language } from "@/lib/language.tsx";

/** Beside each number the one that is asked for next. */
export function factOf(slug: Slug, values: Values, language: Language): string | undefined {
  const { facts } = OVERVIEW_WORDS[language];
  const known: Partial<Record<Slug, string>> = {
    questions: facts.dialogs(values.dialogs),
    answers: facts.length(values.answer_length),
    active_users: facts.newcomers(values.new_users),
    cost: facts.estimated(values.estimated_cost_share),
    error_rate: facts.declined(values.declined_rate),
    full_answer_p95: facts.median(values.full_answer_p50),
    feedback_score: facts.stopped(values.stopped_rate),
    fallback_rate: facts.saved(values.saved_answers),
  };
  return known[slug];
}
