import { useQuery } from "@tanstack/react-query";
import { breakdownQuery } from "@/api/queries.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { BreakdownTable } from "@/features/quality/breakdown-table.tsx";
import { BROKEN_DOWN, type By, DIMENSIONS } from "@/features/quality/metrics.ts";
import { isListed } from "@/features/quality/prepare-behind.ts";
import { prepareRows } from "@/features/quality/prepare-rows.ts";
import { BREAKDOWN_WORDS, PAGE_WORDS } from "@/features/quality/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { breakable, fitting } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { MetricsLeftOut } from "@/ui/metrics-left-out.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** The numbers by model, language, kind or outcome; each leads to its dialogs. */
export function BreakdownPanel({
  view,
  by,
  onChoose,
}: {
  view: View;
  by: By;
  onChoose: (by: By) => void;
}) {
  const words = useWords(BREAKDOWN_WORDS);
  const page = useWords(PAGE_WORDS);
  const { language } = useLanguage();
  const slugs = breakable(fitting(BROKEN_DOWN, view), by);
  const query = useQuery(breakdownQuery({ ...view, compare: "none" }, by, slugs));
  return (
    <Panel
      title={words.title}
      note={`${words.notes[by]} ${isListed(by) ? "" : words.unlisted}`}
      actions={
        <>
          <Segmented
            label={words.by}
            segments={DIMENSIONS.map((value) => ({ value, title: words.dimensions[value] }))}
            value={by}
            onChoose={onChoose}
          />
          <ChartActions
            name={`${words.title}: ${words.dimensions[by]}`}
            window={query.data?.window}
            csv={csvHref("breakdown", view, { by, metric: slugs })}
          />
        </>
      }
      query={query}
      skeleton={<RowsSkeleton rows={6} />}
      isEmpty={({ slices }) => slices.length === 0}
      empty={
        <Empty title={page.nothing}>
          {page.nothingHint} <code>make demo</code>.
        </Empty>
      }
    >
      {(data) => {
        const shown = DIMENSIONS.find((one) => one === data.by) ?? by;
        return (
          <>
            <MetricsLeftOut slugs={BROKEN_DOWN.filter((slug) => !slugs.includes(slug))} />
            <BreakdownTable
              rows={prepareRows(data, shown, { language, none: words.none })}
              by={shown}
              view={view}
              known={slugs}
            />
            <p role="status" className="mt-3 text-sm text-ink-soft">
              {words.count(data.slices.length, data.keys, shown)}
            </p>
          </>
        );
      }}
    </Panel>
  );
}
