import type { Sought } from "@/features/dialogs/queries.ts";
import { LIST_WORDS } from "@/features/dialogs/words.ts";
import { HAVING, type Having } from "@/lib/having.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { OUTCOMES, outcomeName } from "@/lib/outcomes.ts";
import { Select } from "@/ui/field.tsx";
import { SearchBox } from "@/ui/search-box.tsx";

/** The API's limit. */
const LONGEST_SEARCH = 60;

/** What this page can be narrowed by besides the view. */
export function DialogFilters({
  sought,
  onSeek,
}: {
  sought: Sought;
  onSeek: (change: Sought) => void;
}) {
  const words = useWords(LIST_WORDS);
  const { language } = useLanguage();
  const outcomes = new Set<string>([...OUTCOMES, ...(sought.outcome ? [sought.outcome] : [])]);
  return (
    <div className="no-print grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto sm:flex-wrap">
      <div className="col-span-2">
        <SearchBox
          label={words.find}
          placeholder={words.placeholder}
          maxLength={LONGEST_SEARCH}
          sought={sought.search ?? ""}
          onSeek={(search) => onSeek({ search: search || undefined })}
        />
      </div>
      <Select
        label={words.outcome}
        hiddenLabel
        value={sought.outcome ?? ""}
        onChange={({ target }) => onSeek({ outcome: target.value || undefined })}
      >
        <option value="">{words.anyOutcome}</option>
        {[...outcomes].map((outcome) => (
          <option key={outcome} value={outcome}>
            {outcomeName(outcome, language)}
          </option>
        ))}
      </Select>
      <Select
        label={words.having}
        hiddenLabel
        value={sought.having ?? ""}
        onChange={({ target }) => onSeek({ having: havingOf(target.value) })}
      >
        <option value="">{words.anyHaving}</option>
        {HAVING.map((having) => (
          <option key={having} value={having}>
            {words.havings[having]}
          </option>
        ))}
      </Select>
    </div>
  );
}

function havingOf(value: string): Having | undefined {
  return HAVING.find((having) => having === value);
}
