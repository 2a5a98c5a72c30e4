import { useMemo, useRef } from "react";
import type { Breakdown, Series } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { prepareMetric } from "@/charts/prepare-metric.ts";
import { TimeChart } from "@/charts/time-chart.tsx";
import type { Span, Target } from "@/charts/types.ts";
import { LedgerTable } from "@/features/models/ledger-table.tsx";
import { LEDGER } from "@/features/models/metrics.ts";
import { NoQuestions } from "@/features/models/no-questions.tsx";
import { isAnyFallback } from "@/features/models/prepare-ledger.ts";
import { LEDGER_WORDS } from "@/features/models/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { type View, withSpan } from "@/lib/view.ts";
import { Delta } from "@/ui/delta.tsx";
import { Empty } from "@/ui/empty.tsx";
import { Explain } from "@/ui/explain.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

/** What asking another model has saved, and what that took: in all, over time and by model. */
export function LedgerPanel({
  view,
  query,
  models,
}: {
  view: View;
  query: Asked<Series>;
  models: Asked<Breakdown>;
}) {
  const words = useWords(LEDGER_WORDS);
  const chart = useRef<SVGSVGElement>(null);
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <ChartActions
          name={words.title}
          window={query.data?.window}
          chart={chart}
          csv={csvHref("series", view, { metric: LEDGER })}
        />
      }
      query={query}
      skeleton={<Skeleton className="h-[44rem] sm:h-[37rem] xl:h-[23.5rem]" />}
      isEmpty={({ total }) => !isAnyFallback(total.current)}
      empty={
        query.data?.total.current.questions === 0 ? (
          <NoQuestions />
        ) : (
          <Empty title={words.nothing}>{words.nothingHint}</Empty>
        )
      }
    >
      {(data) => (
        <div className="space-y-6">
          <div className="grid gap-x-10 gap-y-6 xl:grid-cols-2">
            <Figures data={data} />
            <SavedOverTime data={data} view={view} chart={chart} />
          </div>
          <LedgerTable query={models} view={view} />
        </div>
      )}
    </Panel>
  );
}

function Figures({ data: { total, window } }: { data: Series }) {
  const { language } = useLanguage();
  const metric = useMetric();
  return (
    <dl className="grid grid-cols-2 content-start gap-x-6 gap-y-5">
      {LEDGER.map((slug) => {
        const { title, unit } = metric(slug);
        return (
          <div key={slug} className="min-w-0">
            <dt className="flex items-center gap-1 text-sm text-ink-soft">
              {title} <Explain slug={slug} window={window} />
            </dt>
            <dd className="text-2xl font-semibold tracking-tight">
              {formatValue(total.current[slug], unit, language, "short")}
            </dd>
            {total.previous && (
              <dd>
                <Delta slug={slug} current={total.current[slug]} previous={total.previous[slug]} />
              </dd>
            )}
          </div>
        );
      })}
    </dl>
  );
}

function SavedOverTime({
  data,
  view,
  chart,
}: {
  data: Series;
  view: View;
  chart: React.RefObject<SVGSVGElement | null>;
}) {
  const words = useWords(LEDGER_WORDS);
  const { title } = useMetric()("saved_answers");
  const { series, form } = useMemo(
    () => prepareMetric("saved_answers", data, undefined, { now: title, before: "" }),
    [data, title],
  );
  const behind = ({ start, end }: Span): Target => ({
    to: "/dialogs",
    search: { ...withSpan(view, start, end), having: "fallback" },
  });
  return (
    <section aria-label={words.overTime} className="min-w-0">
      <h3 className="mb-2 text-sm font-semibold">{words.overTime}</h3>
      <TimeChart
        ref={chart}
        label={words.overTime}
        window={data.window}
        spans={data.buckets}
        series={series}
        form={form}
        height={180}
        hrefOf={behind}
      />
    </section>
  );
}
