import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { overviewQuery } from "@/api/queries.ts";
import type { Series, Window } from "@/api/types.ts";
import { dialogsIn } from "@/charts/drill.ts";
import type { Span } from "@/charts/types.ts";
import { useAround } from "@/charts/use-around.ts";
import { CHART_METRICS, CHOICES } from "@/features/overview/choices.ts";
import { DialogsPanel } from "@/features/overview/dialogs-panel.tsx";
import { factOf } from "@/features/overview/facts.ts";
import { ModelsPanel } from "@/features/overview/models-panel.tsx";
import { PeoplePanel } from "@/features/overview/people-panel.tsx";
import { isQuiet, seriesOf, stageOf } from "@/features/overview/prepare-overview.ts";
import { ratesQuery } from "@/features/overview/queries.ts";
import { QuietNote } from "@/features/overview/quiet-note.tsx";
import { WeekPanel } from "@/features/overview/week-panel.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { choosing, useChosen } from "@/lib/choices.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { fitting } from "@/lib/metrics.ts";
import { useView } from "@/lib/use-view.ts";
import type { View } from "@/lib/view.ts";
import { MetricPanel } from "@/ui/metric-panel.tsx";
import type { Asked } from "@/ui/panel.tsx";
import { Tiles } from "@/ui/tiles.tsx";

const TILES = CHART_METRICS.slice(0, 8);

/** How it goes, at a glance: what was, what changed, when, by whom, at what cost. */
export function OverviewPage() {
  const words = useWords(OVERVIEW_WORDS);
  const [view] = useView();
  const overview = useQuery(overviewQuery(view));
  const rates = useQuery(ratesQuery(view)).data;
  const { data } = overview;
  const series = useMemo(() => data && seriesOf(data, rates), [data, rates]);
  return (
    <>
      <header>
        <h1 className="text-xl font-semibold">{words.title}</h1>
        <WindowWords window={data?.window} />
      </header>
      <Course query={{ ...overview, data: series }} view={view} />
      <div className="grid gap-4 xl:grid-cols-3">
        <WeekPanel view={view} />
        <ModelsPanel view={view} totals={data?.summary.current} />
        <DialogsPanel query={overview} view={view} />
        <PeoplePanel query={overview} view={view} />
      </div>
    </>
  );
}

/** The numbers of the morning, and below them the course of the one that is chosen. */
function Course({ query, view }: { query: Asked<Series>; view: View }) {
  const words = useWords(OVERVIEW_WORDS);
  const { language } = useLanguage();
  const choices = fitting(CHART_METRICS, view);
  const [chosen, choose] = useChosen(CHOICES);
  const metric = choices.find((slug) => slug === chosen.metric) ?? "questions";
  const around = useAround(view, query.data?.window, choices);
  const hrefOf = useCallback((span: Span) => dialogsIn(view, span), [view]);
  return (
    <>
      <Tiles
        title={words.numbers}
        slugs={TILES}
        query={query}
        className="md:grid-cols-4 3xl:grid-cols-8"
        moreOf={(slug, { total }) => ({
          to: choosing(CHOICES, { metric: slug }),
          isChosen: slug === metric,
          note: factOf(slug, total.current, language),
        })}
      />
      <MetricPanel
        slug={metric}
        view={view}
        query={query}
        around={around}
        choices={choices}
        onChoose={(slug) => choose({ metric: slug })}
        hrefOf={hrefOf}
        isEmpty={isQuiet}
        empty={<QuietNote title={words.quiet} height={288} teaches />}
      />
    </>
  );
}

function WindowWords({ window }: { window: Window | undefined }) {
  const words = useWords(OVERVIEW_WORDS);
  const { language } = useLanguage();
  if (!window) return <p className="text-sm text-ink-soft">…</p>;
  const { start, end, previous_start, timezone, as_of } = window;
  const stage = stageOf(Date.parse(start), Date.parse(end), Date.parse(as_of));
  const said = stage === "underWay" && previous_start ? words.underWayCompared : words[stage];
  return (
    <p className="text-sm text-ink-soft">
      {formatSpan(start, end, timezone, language)}, {timezone}
      {said && `. ${said}`}
    </p>
  );
}
