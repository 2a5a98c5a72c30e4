import clsx from "clsx";
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import type { Slug } from "@/api/types.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { type Delta as Prepared, prepareDelta } from "@/ui/prepare-delta.ts";

const WORDS: Words<{
  nothing: string;
  same: string;
  before: (value: string) => string;
  news: Record<Prepared["news"], string>;
}> = {
  en: {
    nothing: "nothing to compare with",
    same: "unchanged",
    before: (value) => `before: ${value}`,
    news: { good: "better", bad: "worse", neither: "" },
  },
  ru: {
    nothing: "не с чем сравнить",
    same: "без изменений",
    before: (value) => `было: ${value}`,
    news: { good: "лучше", bad: "хуже", neither: "" },
  },
};

const ARROWS = { up: ArrowUpRight, down: ArrowDownRight, same: ArrowRight };
const COLOURS = { good: "text-good", bad: "text-bad", neither: "text-ink-soft" };

/** What has changed since the compared window: by how much, from what, and whether it is good news. */
export function Delta({
  slug,
  current,
  previous,
}: {
  slug: Slug;
  current: number | null | undefined;
  previous: number | null | undefined;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const delta = prepareDelta(slug, current, previous, language);
  if (!delta) return <span className="text-xs text-ink-soft">{words.nothing}</span>;
  const Arrow = ARROWS[delta.way];
  const news = words.news[delta.news];
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5 text-xs">
      <span className={clsx("inline-flex items-center gap-0.5 font-semibold", COLOURS[delta.news])}>
        <Arrow size={14} aria-hidden className="shrink-0" />
        {delta.way === "same" ? words.same : delta.text}
        {news && <span className="sr-only">, {news}</span>}
      </span>
      <span className="text-ink-soft">{words.before(delta.before)}</span>
    </span>
  );
}
