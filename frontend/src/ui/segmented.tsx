import clsx from "clsx";
import type { ReactNode } from "react";

export type Segment<T extends string> = { value: T; title: ReactNode; hint?: string };

/** One of a few, all of them in sight. */
export function Segmented<T extends string>({
  label,
  segments,
  value,
  onChoose,
  children,
}: {
  label: string;
  segments: readonly Segment<T>[];
  value: string;
  onChoose: (value: T) => void;
  /** Further segments, in the form of `segmentClass`. */
  children?: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex row in every browser
    <div role="group" aria-label={label} className="inline-flex rounded-lg bg-well p-0.5">
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          title={segment.hint}
          onClick={() => onChoose(segment.value)}
          className={segmentClass(segment.value === value)}
        >
          {segment.title}
        </button>
      ))}
      {children}
    </div>
  );
}

export function segmentClass(isChosen: boolean): string {
  return clsx(
    "inline-flex min-h-7 items-center justify-center gap-1 rounded-md px-2.5 text-sm transition-colors",
    isChosen ? "bg-sheet font-semibold text-ink shadow-sheet" : "text-ink-soft hover:text-ink",
  );
}
