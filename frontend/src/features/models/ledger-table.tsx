import type { Breakdown } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { LEDGER } from "@/features/models/metrics.ts";
import { prepareLedger } from "@/features/models/prepare-ledger.ts";
import { LEDGER_WORDS, TABLE_WORDS } from "@/features/models/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { MetricHead } from "@/ui/metric-head.tsx";
import { ModelName } from "@/ui/model-name.tsx";
import type { Asked } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";

type Slice = Breakdown["slices"][number];

/** The ledger by model; its rows come with those of the page's table of models. */
export function LedgerTable({ query, view }: { query: Asked<Breakdown>; view: View }) {
  const words = useWords(LEDGER_WORDS);
  const { model, count } = useWords(TABLE_WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  const { data, error } = query;
  const columns: Column<Slice>[] = [
    { id: "model", title: model, cell: ({ key }) => <ModelName model={key} /> },
    ...LEDGER.map(
      (slug, place): Column<Slice> => ({
        id: slug,
        title: <MetricHead slug={slug} />,
        isNumber: true,
        isOrder: place === 0,
        cell: ({ values }) => formatValue(values[slug], metric(slug).unit, language),
      }),
    ),
  ];
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
          <Table caption={words.byModel} columns={columns} rows={rows} rowKey={({ key }) => key} />
          <p className="mt-2 text-sm text-ink-soft">{count(rows.length, data.keys)}</p>
        </>
      )}
      {!data && !error && <RowsSkeleton rows={2} />}
    </section>
  );
}
