import { type ReactNode, useMemo, useRef } from "react";
import type { Series, Slug } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { prepareMetric } from "@/charts/prepare-metric.ts";
import { TimeChart } from "@/charts/time-chart.tsx";
import type { Span, Target } from "@/charts/types.ts";
import type { Around } from "@/charts/use-around.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

type Shown = {
  slug: Slug;
  view: View;
  around: Around;
  /** What is behind a bucket. */
  hrefOf?: ((span: Span) => Target | undefined) | undefined;
};

/** One metric over time with what it means, its time before, and what happened meanwhile. */
export function MetricPanel({
  query,
  choice,
  isEmpty,
  empty,
  ...shown
}: Shown & {
  query: Asked<Series>;
  /** What else could be shown. */
  choice?: ReactNode;
  isEmpty?: (data: Series) => boolean;
  empty?: ReactNode;
}) {
  const { slug, view } = shown;
  const { title, definition } = useMetric()(slug);
  const chart = useRef<SVGSVGElement>(null);
  return (
    <Panel
      title={title}
      note={definition}
      actions={
        <div className="flex flex-wrap items-center justify-end gap-1">
          {choice}
          <ChartActions
            name={title}
            window={query.data?.window}
            chart={chart}
            csv={csvHref("series", view, { metric: [slug] })}
          />
        </div>
      }
      query={query}
      skeleton={<Skeleton className="mb-6 h-[240px]" />}
      {...(isEmpty ? { isEmpty } : {})}
      empty={empty}
    >
      {(data) => <Drawn {...shown} data={data} chart={chart} />}
    </Panel>
  );
}

function Drawn({
  slug,
  around: { marks, isBlind, before },
  hrefOf,
  data,
  chart,
}: Shown & { data: Series; chart: React.RefObject<SVGSVGElement | null> }) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const { title } = useMetric()(slug);
  const { series, ghost, form } = useMemo(
    () => prepareMetric(slug, data, before, { now: title, before: words.before }),
    [slug, data, before, title, words],
  );
  const { previous_start: start, previous_end: end, timezone } = data.window;
  return (
    <>
      <TimeChart
        ref={chart}
        label={title}
        window={data.window}
        spans={data.buckets}
        series={series}
        ghost={ghost}
        marks={marks}
        form={form}
        hrefOf={hrefOf}
      />
      <div className="mt-2 flex min-h-4 flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
        {ghost && start && end && (
          <p className="flex items-center gap-2">
            <span aria-hidden className="h-0.5 w-4 shrink-0 rounded-full bg-series-ghost" />
            {words.was(formatSpan(start, end, timezone, language))}
          </p>
        )}
        {isBlind && <p>{words.blind}</p>}
      </div>
    </>
  );
}

const WORDS: Words<{ before: string; was: (span: string) => string; blind: string }> = {
  en: {
    before: "Before",
    was: (span) => `Before: ${span}`,
    blind: "Releases and troubles could not be fetched, so none are marked.",
  },
  ru: {
    before: "Раньше",
    was: (span) => `Раньше: ${span}`,
    blind: "Выпуски и неполадки получить не удалось, поэтому они не отмечены.",
  },
};
