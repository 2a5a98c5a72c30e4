import type { Breakdown } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { LEDGER } from "@/features/models/metrics.ts";
import { prepareLedger } from "@/features/models/prepare-ledger.ts";
import { LEDGER_WORDS, TABLE_WORDS } from "@/features/models/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { useWords } from "@/lib/language.tsx";
import type { View } from "@/lib/view.ts";
import { ModelTable } from "@/ui/model-table.tsx";
import type { Asked } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** The ledger by model; its rows come with those of the page's table of models. */
export function LedgerTable({ query, view }: { query: Asked<Breakdown>; view: View }) {
  const words = useWords(LEDGER_WORDS);
  const { count } = useWords(TABLE_WORDS);
  const { data, error } = query;
  const rows = data ? prepareLedger(data) : [];
  return (
    <section aria-label={words.byModel}>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-ink-soft">{words.byModelNote}</p>
        <ChartActions
          name={words.byModel}
          window={data?.window}
          csv={csvHref("breakdown", view, { by: "model", metric: LEDGER })}
        />
      </div>
      {error && !data && (
        <ProblemNote problem={error} onAgain={() => void query.refetch()} compact />
      )}
      {data && (
        <>
          <ModelTable caption={words.byModel} slices={rows} slugs={LEDGER} />
          <p className="mt-2 text-sm text-ink-soft">{count(rows.length, data.keys)}</p>
        </>
      )}
      {!data && !error && <RowsSkeleton rows={2} />}
    </section>
  );
}
