import { useInfiniteQuery } from "@tanstack/react-query";
import { Problem } from "@/api/problem.ts";
import type { Window } from "@/api/types.ts";
import { DialogsTable } from "@/features/dialogs/dialogs-table.tsx";
import { NoDialogs } from "@/features/dialogs/no-dialogs.tsx";
import { dialogsAsked, type Sought, soughtDialogsQuery } from "@/features/dialogs/queries.ts";
import { LIST_WORDS } from "@/features/dialogs/words.ts";
import { formatSpan } from "@/lib/dates.ts";
import { type Language, useLanguage, useWords } from "@/lib/language.tsx";
import { preparePages } from "@/lib/pages.ts";
import type { View } from "@/lib/view.ts";
import { CsvLink } from "@/ui/csv-link.tsx";
import { MoreRows } from "@/ui/more-rows.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

const NOTHING = { pages: [], pageParams: [] };

export function DialogsPanel({ view, sought }: { view: View; sought: Sought }) {
  const words = useWords(LIST_WORDS);
  const { language } = useLanguage();
  const query = useInfiniteQuery(soughtDialogsQuery(view, sought));
  const isUnknownName = query.error instanceof Problem && query.error.code === "wrong_search";
  const pages = query.data?.pages ?? [];
  const { rows, zone, comes, ...count } = preparePages(pages, ({ dialogs }) => dialogs);
  const asked = dialogsAsked(view, sought);
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        !isUnknownName && (
          <CsvLink path="/api/v1/export/dialogs.csv" asked={asked} what={words.page} />
        )
      }
      query={isUnknownName ? { ...query, error: null, data: NOTHING } : query}
      skeleton={<RowsSkeleton rows={14} />}
      isEmpty={() => isUnknownName || rows.length === 0}
      empty={<NoDialogs isUnknownName={isUnknownName} sought={sought} view={view} />}
    >
      {() => (
        <>
          <DialogsTable dialogs={rows} zone={zone} />
          <MoreRows
            query={query}
            comes={comes}
            count={words.count(rows.length, count, ...spanOf(pages[0]?.window, language))}
          />
          <p className="no-print mt-2 hidden text-xs text-ink-soft md:block">{words.keys}</p>
        </>
      )}
    </Panel>
  );
}

function spanOf(window: Window | undefined, language: Language): [span: string, zone: string] {
  if (!window) return ["", ""];
  const { start, end, timezone } = window;
  return [formatSpan(start, end, timezone, language), timezone];
}
