import { ChevronDown } from "lucide-react";
import type { Window } from "@/api/types.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { COMPARES, DEFAULT_COMPARE, type View } from "@/lib/view.ts";
import { linkClass, WORDS } from "@/shell/toolbar/words.ts";
import { ChoiceList } from "@/ui/choice-list.tsx";
import { Popover } from "@/ui/popover.tsx";

/** With what the shown time is compared, in words and in days. */
export function CompareMenu({
  view,
  window,
  change,
}: {
  view: View;
  window: Window | null;
  change: (to: (view: View) => View) => void;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const compare = view.compare ?? DEFAULT_COMPARE;
  const { previous_start: start, previous_end: end } = window ?? {};
  return (
    <Popover
      trigger={
        <>
          <span>
            {words.compared[compare]}
            {compare !== "none" && window && start && end && (
              <>: {formatSpan(start, end, window.timezone, language)}</>
            )}
          </span>
          <ChevronDown size={14} aria-hidden className="no-print" />
        </>
      }
      triggerClass={linkClass}
      sheetLabel={words.compareTitle}
    >
      {(close) => (
        <>
          <p className="px-2 pb-1.5 text-xs text-ink-soft">{words.compareTitle}</p>
          <ChoiceList
            choices={COMPARES.map((value) => ({ value, ...words.compares[value] }))}
            value={compare}
            onChoose={(chosen) => {
              change((before) => ({ ...before, compare: chosen }));
              close();
            }}
          />
        </>
      )}
    </Popover>
  );
}
