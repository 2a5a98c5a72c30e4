import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useId } from "react";
import { overviewQuery } from "@/api/queries.ts";
import type { Window } from "@/api/types.ts";
import { ActivityPanel } from "@/features/overview/activity-panel.tsx";
import { DEFAULT_METRIC } from "@/features/overview/chosen-metric.ts";
import { DialogsPanel } from "@/features/overview/dialogs-panel.tsx";
import { ModelsPanel } from "@/features/overview/models-panel.tsx";
import { PeoplePanel } from "@/features/overview/people-panel.tsx";
import { ratesQuery } from "@/features/overview/queries.ts";
import { Tiles, TilesSkeleton } from "@/features/overview/tiles.tsx";
import { WeekPanel } from "@/features/overview/week-panel.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useView } from "@/lib/use-view.ts";

const HOUR_MS = 3_600_000;

/** How it goes, at a glance: what was, what changed, when, by whom, at what cost. */
export function OverviewPage() {
  const words = useWords(OVERVIEW_WORDS);
  const [view] = useView();
  const { metric = DEFAULT_METRIC } = useSearch({ from: "/app/" });
  const overview = useQuery(overviewQuery(view));
  const rates = useQuery(ratesQuery(view));
  const glance = useId();
  const { data } = overview;
  return (
    <>
      <header>
        <h1 className="text-xl font-semibold">{words.title}</h1>
        <WindowWords window={data?.window} />
      </header>
      <section
        aria-labelledby={glance}
        aria-busy={overview.isPlaceholderData || overview.isPending}
        className={overview.isPlaceholderData ? "opacity-55" : ""}
      >
        <h2 id={glance} className="sr-only">
          {words.numbers}
        </h2>
        {data ? (
          <Tiles overview={data} rates={rates.data} chosen={metric} view={view} />
        ) : (
          <TilesSkeleton />
        )}
      </section>
      <ActivityPanel query={overview} rates={rates.data} metric={metric} view={view} />
      <div className="grid gap-4 xl:grid-cols-3">
        <WeekPanel view={view} />
        <ModelsPanel view={view} totals={data?.summary.current} />
      </div>
      <div className="grid gap-4 xl:grid-cols-3">
        <DialogsPanel query={overview} />
        <PeoplePanel query={overview} view={view} />
      </div>
    </>
  );
}

function WindowWords({ window }: { window: Window | undefined }) {
  const words = useWords(OVERVIEW_WORDS);
  const { language } = useLanguage();
  if (!window) return <p className="text-sm text-ink-soft">…</p>;
  const { start, end, previous_start, timezone, as_of } = window;
  const isUnderWay = Date.parse(end) - Date.parse(as_of) > HOUR_MS;
  return (
    <p className="text-sm text-ink-soft">
      {formatSpan(start, end, timezone, language)}, {timezone}
      {isUnderWay && `. ${previous_start ? words.underWayCompared : words.underWay}`}
    </p>
  );
}
