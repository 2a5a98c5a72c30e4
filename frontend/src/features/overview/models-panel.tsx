import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { breakdownQuery } from "@/api/queries.ts";
import type { Breakdown, Values } from "@/api/types.ts";
import { RankedBars } from "@/charts/ranked-bars.tsx";
import type { Tone } from "@/charts/types.ts";
import { MoreLink } from "@/features/overview/more-link.tsx";
import { prepareModels } from "@/features/overview/prepare-models.ts";
import { QuietNote } from "@/features/overview/quiet-note.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { type View, withFilter } from "@/lib/view.ts";
import { Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

const METRICS = ["answers", "cost"] as const;
const TONES: Record<(typeof METRICS)[number], Tone> = { answers: 1, cost: 2 };

/** Who answers, and what that costs. */
export function ModelsPanel({ view, totals }: { view: View; totals: Values | undefined }) {
  const words = useWords(OVERVIEW_WORDS);
  const query = useQuery(breakdownQuery(view, "model", [...METRICS]));
  return (
    <Panel
      title={words.models}
      actions={<MoreLink to="/models">{words.allModels}</MoreLink>}
      query={query}
      skeleton={<Skeleton className="h-[260px]" />}
      isEmpty={({ slices }) => slices.length === 0}
      empty={<QuietNote title={words.quiet} height={140} />}
    >
      {(breakdown) => (
        <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2 xl:grid-cols-1">
          {METRICS.map((metric) => (
            <Ranks key={metric} metric={metric} breakdown={breakdown} totals={totals} view={view} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function Ranks({
  metric,
  breakdown,
  totals,
  view,
}: {
  metric: (typeof METRICS)[number];
  breakdown: Breakdown;
  totals: Values | undefined;
  view: View;
}) {
  const words = useWords(OVERVIEW_WORDS);
  const { title, unit } = useMetric()(metric);
  const heading = useId();
  const { ranks, count } = prepareModels(breakdown, metric, totals);
  const rows = ranks.map(({ model, ...row }) => ({
    ...row,
    id: model,
    title: model || words.noModel,
    ...(model ? { to: { to: "/dialogs", search: withFilter(view, "model", model) } as const } : {}),
  }));
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className="mb-1 text-sm text-ink-soft">
        {title}
      </h3>
      <RankedBars label={title} unit={unit} rows={rows} total={count} tone={TONES[metric]} />
    </section>
  );
}
