import { useMemo, useRef } from "react";
import type { Window } from "@/api/types.ts";
import { useKeys } from "@/lib/keys.ts";
import { stepped } from "@/lib/span.ts";
import { type View, withCompareToggled, withoutFilters, withPeriod } from "@/lib/view.ts";
import type { Live } from "@/shell/use-live.ts";

type Shown = {
  view: View;
  window: Window | null;
  change: (to: (view: View) => View) => void;
  live: Live;
  hasComparison: boolean;
  onCustom: (isOpen: boolean) => void;
};

/** D, W, M and C for the time, X for the comparison, L for live mode, Esc for no filters. */
export function useToolbarKeys(shown: Shown): void {
  const latest = useRef(shown);
  latest.current = shown;
  const keys = useMemo(() => {
    const change: Shown["change"] = (to) => latest.current.change(to);
    const step = (direction: -1 | 1) => {
      const { view, window } = latest.current;
      const next = window && stepped(view, window, direction);
      if (next) change(() => next);
    };
    return {
      d: () => change((view) => withPeriod(view, "day")),
      w: () => change((view) => withPeriod(view, "week")),
      m: () => change((view) => withPeriod(view, "month")),
      c: () => latest.current.onCustom(true),
      x: () => latest.current.hasComparison && change(withCompareToggled),
      l: () => latest.current.live.toggle(),
      "[": () => step(-1),
      "]": () => step(1),
      Escape: () => change(withoutFilters),
    };
  }, []);
  useKeys(keys);
}
