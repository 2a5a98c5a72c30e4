import type { Breakdown, Values } from "@/api/types.ts";
import type { By } from "@/features/quality/metrics.ts";
import { kindName } from "@/lib/kinds.ts";
import type { Language } from "@/lib/language.tsx";
import { languageName } from "@/lib/language-name.ts";
import { outcomeName } from "@/lib/outcomes.ts";

export type QualityRow = { by: By; key: string; name: string; values: Values };

/** Rows in the API's order, named in the reader's words; `none` names the row without a key. */
export function prepareRows(
  { slices }: Pick<Breakdown, "slices">,
  by: By,
  words: { language: Language; none: Record<By, string> },
): QualityRow[] {
  return slices.map(({ key, values }) => ({
    by,
    key,
    values,
    name: key === "" ? words.none[by] : NAMES[by](key, words.language),
  }));
}

const NAMES: Record<By, (key: string, language: Language) => string> = {
  model: (key) => key,
  language: languageName,
  kind: kindName,
  outcome: outcomeName,
};
