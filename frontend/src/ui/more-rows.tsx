import { formatInteger } from "@/lib/format.ts";
import { type Language, useLanguage } from "@/lib/language.tsx";
import { Button } from "@/ui/button.tsx";

const WORDS: Record<Language, { more: (rows: string) => string; comes: string }> = {
  en: { more: (rows) => `Show ${rows} more`, comes: "More are on their way" },
  ru: { more: (rows) => `Показать ещё ${rows}`, comes: "Остальные уже в пути" },
};

/** Below a list of pages: how much of it is shown, and the way to the next page. */
export function MoreRows({
  query,
  comes,
  count,
}: {
  query: { isFetchingNextPage: boolean; fetchNextPage: (options: object) => Promise<unknown> };
  /** Rows of the next page; none on the last. */
  comes: number;
  /** "50 of 312 people" */
  count: string;
}) {
  const { language } = useLanguage();
  const words = WORDS[language];
  return (
    <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm">
      <p role="status" className="text-ink-soft">
        {count}
      </p>
      {comes > 0 && (
        <Button
          className="no-print"
          aria-disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage({ cancelRefetch: !query.isFetchingNextPage })}
        >
          {query.isFetchingNextPage ? words.comes : words.more(formatInteger(comes, language))}
        </Button>
      )}
    </div>
  );
}
