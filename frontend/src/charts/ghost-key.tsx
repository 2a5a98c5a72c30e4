import type { ReactNode } from "react";

/** What the thin line behind a chart is. */
export function GhostKey({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-ink-soft">
      <span aria-hidden className="inline-block h-0.5 w-4 shrink-0 bg-series-ghost" />
      {children}
    </span>
  );
}
