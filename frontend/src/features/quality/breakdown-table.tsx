import { Link } from "@tanstack/react-router";
import { DICTIONARY, type Slug } from "@/api/types.ts";
import { type By, COLUMNS, type QualityColumn } from "@/features/quality/metrics.ts";
import { dialogsInRow } from "@/features/quality/prepare-behind.ts";
import type { QualityRow } from "@/features/quality/prepare-rows.ts";
import { BREAKDOWN_WORDS } from "@/features/quality/words.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { shownName } from "@/lib/shown-name.ts";
import type { View } from "@/lib/view.ts";
import { MetricHead } from "@/ui/metric-head.tsx";
import { Name } from "@/ui/name.tsx";
import { type Column, Table } from "@/ui/table.tsx";

/** A row for each part; counts bear their share of the row's questions. */
export function BreakdownTable({
  rows,
  by,
  view,
  known,
}: {
  rows: QualityRow[];
  by: By;
  view: View;
  known: readonly Slug[];
}) {
  const words = useWords(BREAKDOWN_WORDS);
  const columns: Column<QualityRow>[] = [
    {
      id: "name",
      title: words.dimensions[by],
      cell: ({ key, name }) => (
        <Name
          className={`line-clamp-3 min-w-32 max-w-64 [overflow-wrap:anywhere] ${key === "" ? "text-ink-soft" : ""}`}
        >
          {name}
        </Name>
      ),
    },
    ...COLUMNS.filter(({ slug }) => known.includes(slug)).map(
      (column, place): Column<QualityRow> => ({
        id: column.slug,
        title: <MetricHead slug={column.slug} />,
        isNumber: true,
        isOrder: place === 0,
        cell: (row) => <Figure column={column} row={row} view={view} />,
      }),
    ),
  ];
  return <Table caption={words.title} columns={columns} rows={rows} rowKey={({ key }) => key} />;
}

function Figure({
  column: { slug, rate },
  row,
  view,
}: {
  column: QualityColumn;
  row: QualityRow;
  view: View;
}) {
  const words = useWords(BREAKDOWN_WORDS);
  const { language } = useLanguage();
  const { title } = useMetric()(slug);
  const written = formatValue(row.values[slug], DICTIONARY[slug].unit, language);
  const target = dialogsInRow(slug, view, row);
  return (
    <>
      {target ? (
        <Link
          {...target}
          title={words.open(title, shownName(row.name))}
          className="underline decoration-line-strong underline-offset-2 hover:decoration-ink"
        >
          {written}
        </Link>
      ) : (
        written
      )}
      {rate && (
        <span className="block text-xs text-ink-soft">
          {formatValue(row.values[rate], "share", language)}
        </span>
      )}
    </>
  );
}
