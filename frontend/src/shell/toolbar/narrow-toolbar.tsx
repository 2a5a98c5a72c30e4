import { ChevronDown, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { periodOf } from "@/lib/view.ts";
import { CompareMenu } from "@/shell/toolbar/compare-menu.tsx";
import { chosenIn, FilterChips } from "@/shell/toolbar/filter-chips.tsx";
import { AsOf, FreshnessNote, LiveSwitch } from "@/shell/toolbar/freshness-note.tsx";
import { PeriodPicker, ShownSpan } from "@/shell/toolbar/period-picker.tsx";
import type { ToolbarProps } from "@/shell/toolbar/toolbar.tsx";
import { ViewActions } from "@/shell/toolbar/view-actions.tsx";
import { WORDS } from "@/shell/toolbar/words.ts";
import { ZoneMenu } from "@/shell/toolbar/zone-menu.tsx";
import { Dialog } from "@/ui/dialog.tsx";

/** One line that says what is shown; the rest is in a sheet. */
export function NarrowToolbar(props: ToolbarProps) {
  const { view, window, live, isCustomOpen, onCustom } = props;
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  const filters = chosenIn(view).length;
  const period = periodOf(view);
  const close = () => {
    setIsOpen(false);
    onCustom(false);
  };
  return (
    <section
      aria-label={words.toolbar}
      className="top-0 z-20 flex items-center gap-1 border-b border-line bg-paper px-3 py-2 [@media(min-height:30rem)]:sticky print:static!"
    >
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
        className="flex min-h-12 min-w-0 flex-1 items-center gap-2 rounded-lg bg-well px-3 text-left text-sm"
      >
        <span className="sr-only">{words.settings}: </span>
        <SlidersHorizontal size={15} aria-hidden className="shrink-0 text-ink-soft" />
        <span className="min-w-0 py-1">
          <span className="block truncate">
            <span className="font-semibold">
              {period === "custom" ? words.custom : words.periods[period]}
            </span>
            {window && (
              <span className="text-ink-soft">
                {" "}
                {formatSpan(window.start, window.end, window.timezone, language)}
              </span>
            )}
          </span>
          <AsOf window={window} className="block truncate text-xs" />
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-1">
          {filters > 0 && (
            <span className="rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent">
              {filters}
            </span>
          )}
          <ChevronDown size={15} aria-hidden className="text-ink-soft" />
        </span>
      </button>
      <LiveSwitch live={live} />
      {(isOpen || isCustomOpen) && (
        <Dialog title={words.toolbar} onClose={close}>
          <Sheet {...props} />
        </Dialog>
      )}
    </section>
  );
}

function Sheet(props: ToolbarProps) {
  return (
    <div className="flex flex-col items-start gap-4">
      <PeriodPicker {...props} />
      <ShownSpan {...props} />
      {props.hasComparison && <CompareMenu {...props} />}
      <ZoneMenu {...props} />
      <FilterChips {...props} />
      <div className="flex w-full flex-wrap items-center justify-between border-t border-line pt-3">
        <FreshnessNote {...props} />
        <ViewActions />
      </div>
    </div>
  );
}
