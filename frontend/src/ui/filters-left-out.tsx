import { FilterX } from "lucide-react";
import { LOCALE } from "@/lib/format.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import type { Filter } from "@/lib/view.ts";

/** Says which chips a question could not take, so that nobody believes they count here. */
export function FiltersLeftOut({ filters, because }: { filters: Filter[]; because: string }) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  if (filters.length === 0) return null;
  const list = new Intl.ListFormat(LOCALE[language], { type: "conjunction" });
  const names = list.format(filters.map((filter) => words.names[filter]));
  return (
    <p role="note" className="flex items-start gap-2 rounded-xl bg-warn-soft px-3 py-2 text-sm">
      <FilterX size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0">
        <span className="font-medium">{words.leftOut(names)}</span> {because}
      </span>
    </p>
  );
}

const WORDS: Words<{ names: Record<Filter, string>; leftOut: (names: string) => string }> = {
  en: {
    names: { bot: "bot", model: "model", language: "language", user: "person" },
    leftOut: (names) => `Not narrowed here by ${names}.`,
  },
  ru: {
    names: { bot: "боту", model: "модели", language: "языку", user: "человеку" },
    leftOut: (names) => `Здесь нет отбора по ${names}.`,
  },
};
