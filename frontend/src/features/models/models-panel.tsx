import { Link } from "@tanstack/react-router";
import type { Breakdown, Slug } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { COLUMNS } from "@/features/models/metrics.ts";
import { NoQuestions } from "@/features/models/no-questions.tsx";
import { TABLE_WORDS } from "@/features/models/words.ts";
import { withWords } from "@/lib/address.ts";
import { csvHref } from "@/lib/csv.ts";
import { useWords } from "@/lib/language.tsx";
import type { View } from "@/lib/view.ts";
import { ModelTable } from "@/ui/model-table.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** What each model did and cost; a name narrows the page to it. */
export function ModelsPanel({
  query,
  view,
  known,
}: {
  query: Asked<Breakdown>;
  view: View;
  /** The metrics that could be asked for. */
  known: readonly Slug[];
}) {
  const words = useWords(TABLE_WORDS);
  const slugs = COLUMNS.filter((slug) => known.includes(slug));
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <ChartActions
          name={words.title}
          window={query.data?.window}
          csv={csvHref("breakdown", view, { by: "model", metric: slugs })}
        />
      }
      query={query}
      skeleton={<RowsSkeleton rows={5} />}
      isEmpty={({ slices }) => slices.length === 0}
      empty={<NoQuestions />}
    >
      {({ slices, keys }) => (
        <>
          <ModelTable caption={words.title} slices={slices} slugs={slugs} />
          <p className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-soft">
            <span role="status">{words.count(slices.length, keys)}</span>
            {view.model && (
              <Link
                {...withWords({ model: undefined })}
                resetScroll={false}
                activeOptions={{ exact: true }}
                className="underline underline-offset-2 hover:text-ink"
              >
                {words.all}
              </Link>
            )}
          </p>
        </>
      )}
    </Panel>
  );
}
