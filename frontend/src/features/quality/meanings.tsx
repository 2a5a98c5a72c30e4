import { CHARTED } from "@/features/quality/metrics.ts";
import { MEANING_WORDS } from "@/features/quality/words.ts";
import { useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { Sheet } from "@/ui/panel.tsx";

/** The dictionary's sentences on the numbers of the page. */
export function Meanings() {
  const words = useWords(MEANING_WORDS);
  const metric = useMetric();
  return (
    <Sheet title={words.title} note={words.note}>
      <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
        {CHARTED.map((slug) => {
          const { title, definition } = metric(slug);
          return (
            <div key={slug} className="text-sm">
              <dt className="font-medium">{title}</dt>
              <dd className="text-ink-soft">{definition}</dd>
            </div>
          );
        })}
      </dl>
    </Sheet>
  );
}
