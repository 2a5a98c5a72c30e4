import { FilterX } from "lucide-react";
import type { Slug } from "@/api/types.ts";
import { LOCALE } from "@/lib/format.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";

/** Says which numbers are missing because they cannot be narrowed as everything else is. */
export function MetricsLeftOut({ slugs }: { slugs: readonly Slug[] }) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  if (slugs.length === 0) return null;
  const list = new Intl.ListFormat(LOCALE[language], { type: "conjunction" });
  return (
    <p role="note" className="flex items-start gap-2 rounded-xl bg-warn-soft px-3 py-2 text-sm">
      <FilterX size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0">
        <span className="font-medium">{words.leftOut}</span>{" "}
        {list.format(slugs.map((slug) => metric(slug).title))}.
      </span>
    </p>
  );
}

const WORDS: Words<{ leftOut: string }> = {
  en: { leftOut: "Not known for the chosen filters:" },
  ru: { leftOut: "При выбранном отборе неизвестно:" },
};
