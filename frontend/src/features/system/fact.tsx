import clsx from "clsx";
import type { ReactNode } from "react";

export type FactTone = "plain" | "good" | "warn" | "bad";

const TONES: Record<FactTone, string> = {
  plain: "text-ink",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
};

/** A number or a word with its name above it; to stand in `Facts`. */
export function Fact({
  title,
  tone = "plain",
  children,
}: {
  title: string;
  tone?: FactTone;
  children: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{title}</dt>
      <dd className={clsx("mt-0.5 break-words font-semibold", TONES[tone])}>{children}</dd>
    </div>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-x-5 gap-y-4">
      {children}
    </dl>
  );
}

/** In one row or in two of two: never three and one. */
export function FourFacts({ children }: { children: ReactNode }) {
  return (
    <div className="@container">
      <dl className="grid grid-cols-2 gap-x-5 gap-y-4 @lg:grid-cols-4">{children}</dl>
    </div>
  );
}
