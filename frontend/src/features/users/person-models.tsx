import { useQuery } from "@tanstack/react-query";
import { breakdownQuery } from "@/api/queries.ts";
import type { Breakdown } from "@/api/types.ts";
import { MODELS_WORDS } from "@/features/users/person-words.ts";
import { MODEL_METRICS } from "@/features/users/queries.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { ModelName } from "@/ui/model-name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";

type Slice = Breakdown["slices"][number];

/** `view` is narrowed to the person already. */
export function PersonModels({ view }: { view: View }) {
  const words = useWords(MODELS_WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  const query = useQuery(breakdownQuery({ ...view, compare: "none" }, "model", [...MODEL_METRICS]));
  const columns: Column<Slice>[] = [
    {
      id: "model",
      title: words.model,
      cell: ({ key }) => <ModelName model={key} />,
    },
    ...MODEL_METRICS.map((slug): Column<Slice> => {
      const { title, unit } = metric(slug);
      return {
        id: slug,
        title,
        isNumber: true,
        cell: ({ values }) => formatValue(values[slug], unit, language),
      };
    }),
  ];
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={3} />}
      isEmpty={({ slices }) => slices.length === 0}
      empty={<Empty title={words.nothing} />}
    >
      {({ slices, keys }) => (
        <>
          <Table caption={words.title} columns={columns} rows={slices} rowKey={({ key }) => key} />
          {keys > slices.length && (
            <p className="mt-3 text-sm text-ink-soft">{words.count(slices.length, keys)}</p>
          )}
        </>
      )}
    </Panel>
  );
}
