import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import type { Overview } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { Legend, useHidden } from "@/charts/legend.tsx";
import { marksQuery } from "@/charts/queries.ts";
import { TimeChart } from "@/charts/time-chart.tsx";
import { PERSON_WORDS } from "@/features/users/person-words.ts";
import { isActive, prepareActivity } from "@/features/users/prepare-person.ts";
import { csvHref } from "@/lib/csv.ts";
import { useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

/** `view` is narrowed to the person already. */
export function ActivityPanel({
  query,
  view,
  empty,
}: {
  query: UseQueryResult<Overview>;
  view: View;
  empty: ReactNode;
}) {
  const words = useWords(PERSON_WORDS);
  const marks = useQuery(marksQuery(view));
  const metric = useMetric();
  const chart = useRef<SVGSVGElement>(null);
  const [hidden, toggle] = useHidden();
  return (
    <Panel
      title={words.activity}
      note={words.activityNote}
      actions={
        query.data &&
        isActive(query.data) && (
          <ChartActions
            name={words.activity}
            window={query.data.window}
            chart={chart}
            csv={csvHref("series", view, { metric: ["questions", "answers"] })}
          />
        )
      }
      query={query}
      skeleton={<Skeleton className="h-[268px]" />}
      isEmpty={(data) => !isActive(data)}
      empty={empty}
    >
      {(data) => {
        const series = prepareActivity(data, (slug) => metric(slug).title);
        return (
          <>
            <Legend items={series} hidden={hidden} onToggle={toggle} />
            <TimeChart
              ref={chart}
              label={words.activity}
              window={data.window}
              spans={data.activity}
              series={series.filter(({ id }) => !hidden.has(id))}
              marks={marks.data?.marks}
            />
          </>
        );
      }}
    </Panel>
  );
}
