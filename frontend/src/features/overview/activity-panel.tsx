import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import type { Overview, Series, Window } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { dialogsIn } from "@/charts/drill.ts";
import { GhostKey } from "@/charts/ghost-key.tsx";
import { TimeChart } from "@/charts/time-chart.tsx";
import type { ChartSeries, Span } from "@/charts/types.ts";
import {
  CHART_METRICS,
  type ChartMetric,
  DEFAULT_METRIC,
} from "@/features/overview/chosen-metric.ts";
import { courseOf, formOf, ghostOf, isQuiet } from "@/features/overview/prepare-overview.ts";
import { fittingIn, ghostQuery, marksQuery } from "@/features/overview/queries.ts";
import { QuietNote } from "@/features/overview/quiet-note.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { keepView } from "@/lib/use-view.ts";
import type { View } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { Explain } from "@/ui/explain.tsx";
import { Select } from "@/ui/field.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

const HEIGHT = 280;

/** The course of one metric, with what it was before and with what happened meanwhile. */
export function ActivityPanel({
  query,
  rates,
  metric,
  view,
}: {
  query: Asked<Overview>;
  rates: Series | undefined;
  metric: ChartMetric;
  view: View;
}) {
  const words = useWords(OVERVIEW_WORDS);
  const { title } = useMetric()(metric);
  const chart = useRef<SVGSVGElement>(null);
  const window = query.data?.window;
  return (
    <Panel
      title={
        <span className="inline-flex items-center gap-1">
          {title}
          <Explain
            slug={metric}
            window={window}
            estimatedShare={query.data?.summary.current.estimated_cost_share}
          />
        </span>
      }
      actions={
        <>
          <MetricChoice metric={metric} view={view} />
          <ChartActions
            name={title}
            window={window}
            chart={chart}
            csv={csvHref("series", view, { metric: [metric] })}
          />
        </>
      }
      note={<Compared window={window} />}
      query={query}
      skeleton={<Skeleton className="h-[280px]" />}
      isEmpty={isQuiet}
      empty={<QuietNote title={words.quiet} height={HEIGHT} />}
    >
      {(overview) => (
        <Course chart={chart} overview={overview} rates={rates} metric={metric} view={view} />
      )}
    </Panel>
  );
}

function Course({
  chart,
  overview,
  rates,
  metric,
  view,
}: {
  chart: React.RefObject<SVGSVGElement | null>;
  overview: Overview;
  rates: Series | undefined;
  metric: ChartMetric;
  view: View;
}) {
  const words = useWords(OVERVIEW_WORDS);
  const { title, unit } = useMetric()(metric);
  const { window, activity } = overview;
  const before = useQuery(ghostQuery(view, window, metric)).data;
  const marks = useQuery(marksQuery(view)).data?.marks;
  const course = useMemo(() => courseOf(metric, overview, rates), [metric, overview, rates]);
  const series = useMemo(
    (): ChartSeries[] => [{ id: metric, title, unit, values: course ?? [], tone: 1 }],
    [metric, title, unit, course],
  );
  const ghost = useMemo(
    () => ghostOf(metric, window, before, words.before),
    [metric, window, before, words],
  );
  const hrefOf = useCallback((span: Span) => dialogsIn(view, span), [view]);
  if (!course) return <Unknown isComing={fittingIn(view, [metric]).length > 0} />;
  return (
    <TimeChart
      ref={chart}
      label={title}
      window={window}
      spans={activity}
      series={series}
      ghost={ghost}
      marks={marks}
      form={formOf(metric)}
      height={HEIGHT}
      hrefOf={hrefOf}
    />
  );
}

/** Of the line behind the chart; without one the room stays. */
function Compared({ window }: { window: Window | undefined }) {
  const words = useWords(OVERVIEW_WORDS);
  const { language } = useLanguage();
  const { previous_start, previous_end, timezone } = window ?? {};
  if (!(previous_start && previous_end && timezone)) return "\u00a0";
  return (
    <GhostKey>
      {words.before}: {formatSpan(previous_start, previous_end, timezone, language)}
    </GhostKey>
  );
}

function Unknown({ isComing }: { isComing: boolean }) {
  const words = useWords(OVERVIEW_WORDS);
  if (isComing) return <Skeleton className="h-[280px]" />;
  return (
    <div style={{ minHeight: HEIGHT }}>
      <Empty title={words.notByBucket} />
    </div>
  );
}

function MetricChoice({ metric, view }: { metric: ChartMetric; view: View }) {
  const words = useWords(OVERVIEW_WORDS);
  const metricOf = useMetric();
  const navigate = useNavigate();
  const choose = (chosen: string) =>
    void navigate({
      to: "/",
      search: {
        ...keepView(view),
        ...(chosen === DEFAULT_METRIC ? {} : { metric: chosen as ChartMetric }),
      },
      resetScroll: false,
    });
  return (
    <Select
      label={words.metric}
      hiddenLabel
      className="w-36 sm:w-52"
      value={metric}
      onChange={(event) => choose(event.target.value)}
    >
      {CHART_METRICS.map((slug) => (
        <option key={slug} value={slug}>
          {metricOf(slug).title}
        </option>
      ))}
    </Select>
  );
}
