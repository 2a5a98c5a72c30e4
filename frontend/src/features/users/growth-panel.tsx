import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { Series } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { Legend, useHidden } from "@/charts/legend.tsx";
import { marksQuery } from "@/charts/queries.ts";
import { TimeChart } from "@/charts/time-chart.tsx";
import { GROWTH, isAnybody, prepareGrowth } from "@/features/users/prepare-growth.ts";
import { GROWTH_WORDS } from "@/features/users/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { useView } from "@/lib/use-view.ts";
import { type View, withSpan } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

/** Where the people of each bucket came from; a bar leads to the people of its bucket. */
export function GrowthPanel({ query, view }: { query: UseQueryResult<Series>; view: View }) {
  const [shown] = useView();
  const marks = useQuery(marksQuery(view));
  const words = useWords(GROWTH_WORDS);
  const metric = useMetric();
  const chart = useRef<SVGSVGElement>(null);
  const [hidden, toggle] = useHidden();
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        query.data &&
        isAnybody(query.data) && (
          <ChartActions
            name={words.title}
            window={query.data.window}
            chart={chart}
            csv={csvHref("series", view, { metric: GROWTH })}
          />
        )
      }
      query={query}
      skeleton={<Skeleton className="h-[268px]" />}
      isEmpty={(data) => !isAnybody(data)}
      empty={<Empty title={words.nobody}>{words.nobodyHint}</Empty>}
    >
      {(data) => {
        const series = prepareGrowth(data, (slug) => metric(slug).title);
        return (
          <>
            <Legend items={series} hidden={hidden} onToggle={toggle} />
            <TimeChart
              ref={chart}
              label={words.title}
              window={data.window}
              spans={data.buckets}
              series={series.filter(({ id }) => !hidden.has(id))}
              form="stack"
              hrefOf={({ start, end }) => ({ to: "/users", search: withSpan(shown, start, end) })}
              hint={words.open}
              marks={marks.data?.marks}
            />
          </>
        );
      }}
    </Panel>
  );
}
