import type { Breakdown, Values } from "@/api/types.ts";
import type { Failure } from "@/features/models/metrics.ts";
import type { Language } from "@/lib/language.tsx";
import { errorName } from "@/lib/outcomes.ts";

export type ErrorRow = { id: string; title: string; value: number; share: number | null };

/**
 * The classes of one kind of failure, the most frequent first. `total` counts those classes; where
 * the API has left some out, it is all that it knows, of either kind.
 */
export function prepareErrors(
  { slices, keys }: Pick<Breakdown, "slices" | "keys">,
  slug: Failure,
  all: Values,
  words: { language: Language; none: string },
): { rows: ErrorRow[]; total: number } {
  const whole = all[slug];
  const rows = slices
    .flatMap(({ key, values }) => {
      const value = values[slug] ?? 0;
      if (value === 0) return [];
      const title = key === "" ? words.none : errorName(key, words.language);
      return [{ id: key, title, value, share: whole ? value / whole : null }];
    })
    .sort((one, other) => other.value - one.value);
  return { rows, total: slices.length < keys ? keys : rows.length };
}
