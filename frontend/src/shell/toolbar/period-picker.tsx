import { CalendarRange, ChevronLeft, ChevronRight } from "lucide-react";
import type { Window } from "@/api/types.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { stepped } from "@/lib/span.ts";
import { PERIODS, periodOf, type View, withPeriod } from "@/lib/view.ts";
import { CustomSpan } from "@/shell/toolbar/custom-span.tsx";
import { WORDS } from "@/shell/toolbar/words.ts";
import { IconButton } from "@/ui/button.tsx";
import { Popover } from "@/ui/popover.tsx";
import { Segmented, segmentClass } from "@/ui/segmented.tsx";

type Change = (to: (view: View) => View) => void;
type Props = { view: View; window: Window | null; change: Change };

/** Which time is looked at: one of the periods that end now, or days of one's own. */
export function PeriodPicker({
  view,
  window,
  change,
  isCustomOpen,
  onCustom,
}: Props & { isCustomOpen: boolean; onCustom: (isOpen: boolean) => void }) {
  const words = useWords(WORDS);
  const period = periodOf(view);
  return (
    <Segmented
      label={words.period}
      segments={PERIODS.map((value) => ({
        value,
        title: words.periods[value],
        hint: words.periodHints[value],
      }))}
      value={period}
      onChoose={(chosen) => change((before) => withPeriod(before, chosen))}
    >
      <Popover
        trigger={
          <>
            <CalendarRange size={15} aria-hidden /> {words.custom}
          </>
        }
        triggerClass={segmentClass(period === "custom")}
        sheetLabel={words.customTitle}
        isOpen={isCustomOpen}
        onOpen={onCustom}
      >
        {(close) => (
          <CustomSpan
            window={window}
            onChoose={(choose) => {
              change(choose);
              close();
            }}
          />
        )}
      </Popover>
    </Segmented>
  );
}

/** The days that are shown, and the way to those before and after. */
export function ShownSpan({ view, window, change }: Props) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const before = window && stepped(view, window, -1);
  const after = window && stepped(view, window, 1);
  return (
    <div className="flex min-w-0 items-center">
      <IconButton
        label={words.earlier}
        disabled={!before}
        onClick={() => before && change(() => before)}
        className="no-print"
      >
        <ChevronLeft size={18} aria-hidden />
      </IconButton>
      <p className="min-w-36 text-center font-semibold whitespace-nowrap" aria-live="polite">
        {window ? formatSpan(window.start, window.end, window.timezone, language) : "…"}
      </p>
      <IconButton
        label={words.later}
        disabled={!after}
        onClick={() => after && change(() => after)}
        className="no-print"
      >
        <ChevronRight size={18} aria-hidden />
      </IconButton>
    </div>
  );
}
