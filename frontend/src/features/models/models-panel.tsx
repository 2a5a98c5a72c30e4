import { Link } from "@tanstack/react-router";
import type { Breakdown, Slug } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { COLUMNS } from "@/features/models/metrics.ts";
import { NoQuestions } from "@/features/models/no-questions.tsx";
import { TABLE_WORDS } from "@/features/models/words.ts";
import { withWords } from "@/lib/address.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { MetricHead } from "@/ui/metric-head.tsx";
import { ModelName } from "@/ui/model-name.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";

type Slice = Breakdown["slices"][number];

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
  const { language } = useLanguage();
  const metric = useMetric();
  const slugs = COLUMNS.filter((slug) => known.includes(slug));
  const columns: Column<Slice>[] = [
    { id: "model", title: words.model, cell: ({ key }) => <ModelName model={key} /> },
    ...slugs.map(
      (slug, place): Column<Slice> => ({
        id: slug,
        title: <MetricHead slug={slug} />,
        isNumber: true,
        isOrder: place === 0,
        cell: ({ values }) => formatValue(values[slug], metric(slug).unit, language),
      }),
    ),
  ];
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
          <Table caption={words.title} columns={columns} rows={slices} rowKey={({ key }) => key} />
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
