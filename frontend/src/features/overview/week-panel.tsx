import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { breakdownQuery } from "@/api/queries.ts";
import type { Breakdown } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { HeatMap, HeatMapSkeleton } from "@/charts/heat-map.tsx";
import { hoursOf } from "@/charts/prepare-hours.ts";
import { QuietNote } from "@/features/overview/quiet-note.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { Panel } from "@/ui/panel.tsx";

const HOURS_OF_WEEK = 168;

/** When people ask. */
export function WeekPanel({ view }: { view: View }) {
  const words = useWords(OVERVIEW_WORDS);
  const query = useQuery(breakdownQuery(view, "hour_of_week", ["questions"], HOURS_OF_WEEK));
  const chart = useRef<SVGSVGElement>(null);
  const window = query.data?.window;
  return (
    <Panel
      title={words.week}
      note={words.weekNote(window?.timezone ?? "…")}
      actions={
        <ChartActions
          name={words.week}
          window={window}
          chart={chart}
          csv={csvHref("breakdown", view, { by: "hour_of_week", metric: ["questions"] })}
        />
      }
      query={query}
      skeleton={<HeatMapSkeleton />}
      isEmpty={({ slices }) => slices.length === 0}
      empty={<QuietNote title={words.quiet} height={140} />}
      className="xl:col-span-2"
    >
      {(breakdown) => <Week breakdown={breakdown} chart={chart} />}
    </Panel>
  );
}

function Week({
  breakdown,
  chart,
}: {
  breakdown: Breakdown;
  chart: React.RefObject<SVGSVGElement | null>;
}) {
  const words = useWords(OVERVIEW_WORDS);
  const { title, unit } = useMetric()("questions");
  return (
    <HeatMap
      ref={chart}
      label={words.week}
      title={title}
      unit={unit}
      values={hoursOf(breakdown.window, breakdown.slices, "questions")}
    />
  );
}
