import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { seriesQuery } from "@/api/queries.ts";
import type { Series } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { dialogsIn } from "@/charts/drill.ts";
import { Legend, useHidden } from "@/charts/legend.tsx";
import { TimeChart } from "@/charts/time-chart.tsx";
import { LATENCIES, PERCENTILES, type Stage, slugOf } from "@/features/models/metrics.ts";
import { prepareCourses } from "@/features/models/prepare-courses.ts";
import { StageBars } from "@/features/models/stage-bars.tsx";
import { LATENCY_WORDS } from "@/features/models/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { type View, withOnly } from "@/lib/view.ts";
import { Delta } from "@/ui/delta.tsx";
import { Empty } from "@/ui/empty.tsx";
import { FiltersLeftOut } from "@/ui/filters-left-out.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

/** How long each stage takes, all of them side by side and one of them over time. */
export function LatencyPanel({ view: all, stage }: { view: View; stage: Stage }) {
  const words = useWords(LATENCY_WORDS);
  const [view, left] = withOnly(all, ["bot", "model", "user"]);
  const query = useQuery(seriesQuery(view, [...LATENCIES]));
  const chart = useRef<SVGSVGElement>(null);
  const name = words.overTime(words.stages[stage]);
  const slugs = PERCENTILES.map((percentile) => slugOf(stage, percentile));
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <ChartActions
          name={name}
          window={query.data?.window}
          chart={chart}
          csv={csvHref("series", view, { metric: slugs })}
        />
      }
      query={query}
      skeleton={<Skeleton className="h-[56rem] sm:h-[47rem] xl:h-[45.7rem] 3xl:h-[22rem]" />}
      isEmpty={({ total }) => LATENCIES.every((slug) => typeof total.current[slug] !== "number")}
      empty={<Empty title={words.nothing}>{words.nothingHint}</Empty>}
    >
      {(data) => (
        <div className="space-y-4">
          <FiltersLeftOut filters={left} because={words.because} />
          <div className="grid gap-x-12 gap-y-8 3xl:grid-cols-2">
            <StageBars total={data.total} window={data.window} chosen={stage} />
            <Courses data={data} stage={stage} view={view} chart={chart} name={name} />
          </div>
        </div>
      )}
    </Panel>
  );
}

function Courses({
  data,
  stage,
  view,
  chart,
  name,
}: {
  data: Series;
  stage: Stage;
  view: View;
  chart: React.RefObject<SVGSVGElement | null>;
  name: string;
}) {
  const [hidden, toggle] = useHidden();
  const courses = useMemo(() => prepareCourses(stage, data), [stage, data]);
  const shown = useMemo(() => courses.filter(({ id }) => !hidden.has(id)), [courses, hidden]);
  return (
    <section aria-label={name} className="min-w-0">
      <h3 className="mb-3 text-sm font-semibold">{name}</h3>
      <Totals total={data.total} stage={stage} />
      <Legend items={courses} hidden={hidden} onToggle={toggle} />
      <TimeChart
        ref={chart}
        label={name}
        window={data.window}
        spans={data.buckets}
        series={shown}
        form="lines"
        height={220}
        hrefOf={(span) => dialogsIn(view, span)}
      />
    </section>
  );
}

function Totals({ total, stage }: { total: Series["total"]; stage: Stage }) {
  const { language } = useLanguage();
  return (
    <dl className="mb-3 grid grid-cols-3 gap-3">
      {PERCENTILES.map((percentile) => {
        const slug = slugOf(stage, percentile);
        return (
          <div key={percentile} className="min-w-0">
            <dt className="text-xs text-ink-soft">{percentile}</dt>
            <dd className="text-lg font-semibold">
              {formatValue(total.current[slug], "milliseconds", language)}
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
