import { useState } from "react";
import type { Window } from "@/api/types.ts";
import { useNewestWindow } from "@/lib/freshness.ts";
import { useWords } from "@/lib/language.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { useView } from "@/lib/use-view.ts";
import type { View } from "@/lib/view.ts";
import { CompareMenu } from "@/shell/toolbar/compare-menu.tsx";
import { FilterChips } from "@/shell/toolbar/filter-chips.tsx";
import { FreshnessNote } from "@/shell/toolbar/freshness-note.tsx";
import { NarrowToolbar } from "@/shell/toolbar/narrow-toolbar.tsx";
import { PeriodPicker, ShownSpan } from "@/shell/toolbar/period-picker.tsx";
import { useToolbarKeys } from "@/shell/toolbar/toolbar-keys.ts";
import { ViewActions } from "@/shell/toolbar/view-actions.tsx";
import { WORDS } from "@/shell/toolbar/words.ts";
import { ZoneMenu } from "@/shell/toolbar/zone-menu.tsx";
import type { Live } from "@/shell/use-live.ts";

export type ToolbarProps = {
  view: View;
  window: Window | null;
  change: (to: (view: View) => View) => void;
  live: Live;
  hasComparison: boolean;
  isCustomOpen: boolean;
  onCustom: (isOpen: boolean) => void;
};

/** Where the sentence would take four lines. */
const TOO_NARROW = "(max-width: 55.99rem)";

/** What is shown, as a sentence whose words can be changed; and how fresh it is. */
export function Toolbar({ live, hasComparison }: Pick<ToolbarProps, "live" | "hasComparison">) {
  const [view, change] = useView();
  const window = useNewestWindow(view);
  const isNarrow = useMedia(TOO_NARROW);
  const [isCustomOpen, onCustom] = useState(false);
  useToolbarKeys({ view, window, change, live, hasComparison, onCustom });
  const props = { view, window, change, live, hasComparison, isCustomOpen, onCustom };
  return isNarrow ? <NarrowToolbar {...props} /> : <WideToolbar {...props} />;
}

function WideToolbar(props: ToolbarProps) {
  const words = useWords(WORDS);
  return (
    <section
      aria-label={words.toolbar}
      className="top-0 z-20 border-b border-line bg-paper [@media(min-height:30rem)]:sticky print:static!"
    >
      <div className="mx-auto max-w-[120rem] space-y-1.5 px-5 pt-3 pb-2.5">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="no-print">
            <PeriodPicker {...props} />
          </div>
          <ShownSpan {...props} />
          <div className="ml-auto flex items-center gap-3">
            <FreshnessNote {...props} />
            <ViewActions />
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-1.5">
          {props.hasComparison && <CompareMenu {...props} />}
          <ZoneMenu {...props} />
          <FilterChips {...props} />
        </div>
      </div>
    </section>
  );
}
