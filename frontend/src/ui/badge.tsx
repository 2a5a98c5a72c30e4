import clsx from "clsx";
import type { ReactNode } from "react";

export type Tone = "neutral" | "good" | "bad" | "warn" | "accent";

const TONES: Record<Tone, string> = {
  neutral: "bg-well text-ink-soft",
  good: "bg-accent-soft text-good",
  bad: "bg-bad-soft text-bad",
  warn: "bg-warn-soft text-warn",
  accent: "bg-accent-soft text-accent",
};

export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-1 whitespace-nowrap rounded-md px-1.5 py-0.5 text-xs font-medium",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}
