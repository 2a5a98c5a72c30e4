import type { ReactNode } from "react";
import type { Overview, Series, Slug, Values } from "@/api/types.ts";
import {
  CHART_METRICS,
  type ChartMetric,
  DEFAULT_METRIC,
} from "@/features/overview/chosen-metric.ts";
import { begun, courseOf } from "@/features/overview/prepare-overview.ts";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { useWords } from "@/lib/language.tsx";
import type { View } from "@/lib/view.ts";
import { Tile, TileSkeleton } from "@/ui/tile.tsx";

const TILES = CHART_METRICS.slice(0, 8);
const GRID = "grid grid-cols-2 gap-3 md:grid-cols-4 3xl:grid-cols-8";

/** The numbers of the morning; a press on one shows its course in the chart below. */
export function Tiles({
  overview,
  rates,
  chosen,
  view,
}: {
  overview: Overview;
  rates: Series | undefined;
  chosen: ChartMetric;
  view: View;
}) {
  const { window, activity, summary } = overview;
  const factOf = useFacts(summary.current);
  return (
    <div className={GRID}>
      {TILES.map((slug) => {
        const course = courseOf(slug, overview, rates);
        return (
          <Tile
            key={slug}
            slug={slug}
            window={window}
            current={summary.current}
            previous={summary.previous}
            spark={course && begun(course, activity, window.as_of)}
            isLastPartial={activity.at(-1)?.is_partial ?? false}
            to={{
              to: "/",
              search: { ...view, ...(slug === DEFAULT_METRIC ? {} : { metric: slug }) },
            }}
            isChosen={slug === chosen}
            note={factOf(slug)}
          />
        );
      })}
    </div>
  );
}

export function TilesSkeleton() {
  return (
    <div className={GRID} aria-hidden>
      {TILES.map((slug) => (
        <TileSkeleton key={slug} hasNote />
      ))}
    </div>
  );
}

/** Beside each number the one that is asked for next. */
function useFacts(values: Values): (slug: Slug) => ReactNode {
  const { facts, notNarrowed } = useWords(OVERVIEW_WORDS);
  const known: Partial<Record<Slug, string>> = {
    questions: facts.dialogs(values.dialogs),
    answers: facts.length(values.answer_length),
    active_users: facts.newcomers(values.new_users),
    cost: facts.estimated(values.estimated_cost_share),
    error_rate: facts.declined(values.declined_rate),
    full_answer_p95: facts.median(values.full_answer_p50),
    feedback_score: facts.stopped(values.stopped_rate),
    fallback_rate: facts.saved(values.saved_answers),
  };
  return (slug) => (values[slug] === undefined ? notNarrowed : known[slug]);
}
