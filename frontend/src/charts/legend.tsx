import clsx from "clsx";
import { useState } from "react";
import { SWATCH } from "@/charts/tones.ts";
import type { Tone } from "@/charts/types.ts";
import { useWords } from "@/lib/language.tsx";
import { Name } from "@/ui/name.tsx";

const WORDS = { en: { label: "Shown in the chart" }, ru: { label: "Показано на графике" } };

export type LegendItem = { id: string; title: string; tone: Tone };

/** Which series somebody has put away; the last one stays. */
export function useHidden(): [ReadonlySet<string>, (id: string) => void] {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  return [hidden, toggle];
}

/** What the colours mean; a press hides a series or shows it again. */
export function Legend({
  items,
  hidden,
  onToggle,
}: {
  items: readonly LegendItem[];
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
}) {
  const words = useWords(WORDS);
  const shown = items.filter(({ id }) => !hidden.has(id));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex row in every browser
    <div role="group" aria-label={words.label} className="flex flex-wrap gap-x-1 gap-y-0.5">
      {items.map(({ id, title, tone }) => {
        const isShown = !hidden.has(id);
        return (
          <button
            key={id}
            type="button"
            aria-pressed={isShown}
            disabled={isShown && shown.length === 1}
            onClick={() => onToggle(id)}
            className={clsx(
              "inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-md px-1.5 text-xs hover:bg-well disabled:cursor-default",
              isShown ? "text-ink" : "text-ink-soft line-through",
            )}
          >
            <span
              aria-hidden
              className={clsx("size-2.5 shrink-0 rounded-xs", isShown ? SWATCH[tone] : "bg-line")}
            />
            <Name className="truncate">{title}</Name>
          </button>
        );
      })}
    </div>
  );
}
