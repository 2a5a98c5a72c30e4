import { type ReactNode, type RefObject, useMemo, useRef } from "react";
import type { Series, Slug } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { GhostKey } from "@/charts/ghost-key.tsx";
import { prepareMetric } from "@/charts/prepare-metric.ts";
import { TimeChart } from "@/charts/time-chart.tsx";
import type { Span, Target } from "@/charts/types.ts";
import type { Around } from "@/charts/use-around.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatSpan } from "@/lib/dates.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { Explain } from "@/ui/explain.tsx";
import { Select } from "@/ui/field.tsx";
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
export function MetricPanel<S extends Slug>({
  query,
  choices,
  onChoose,
  isEmpty,
  empty,
  ...shown
}: Shown & {
  slug: S;
  query: Asked<Series>;
  choices: readonly S[];
  onChoose: (slug: S) => void;
  isEmpty: (data: Series) => boolean;
  empty: ReactNode;
}) {
  const { slug, view } = shown;
  const { title, definition } = useMetric()(slug);
  const chart = useRef<SVGSVGElement>(null);
  const window = query.data?.window;
  const estimatedShare = query.data?.total.current.estimated_cost_share;
  return (
    <Panel
      title={
        <span className="inline-flex items-center gap-1">
          {title}
          <Explain slug={slug} window={window} estimatedShare={estimatedShare} />
        </span>
      }
      note={definition}
      actions={
        <>
          <Choice slug={slug} choices={choices} onChoose={onChoose} />
          <ChartActions
            name={title}
            window={window}
            chart={chart}
            csv={csvHref("series", view, { metric: [slug] })}
          />
        </>
      }
      query={query}
      skeleton={<Skeleton className="mb-7 h-[260px]" />}
      isEmpty={isEmpty}
      empty={empty}
    >
      {(data) => <Drawn {...shown} data={data} chart={chart} />}
    </Panel>
  );
}

function Choice<S extends Slug>({
  slug,
  choices,
  onChoose,
}: {
  slug: S;
  choices: readonly S[];
  onChoose: (slug: S) => void;
}) {
  const words = useWords(WORDS);
  const metric = useMetric();
  return (
    <Select
      label={words.choice}
      hiddenLabel
      value={slug}
      onChange={({ target }) => {
        const chosen = choices.find((one) => one === target.value);
        if (chosen) onChoose(chosen);
      }}
    >
      {choices.map((one) => (
        <option key={one} value={one}>
          {metric(one).title}
        </option>
      ))}
    </Select>
  );
}

function Drawn({
  slug,
  around: { marks, isBlind, before },
  hrefOf,
  data,
  chart,
}: Shown & { data: Series; chart: RefObject<SVGSVGElement | null> }) {
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
        height={260}
        hrefOf={hrefOf}
      />
      <p className="mt-2 flex min-h-5 flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
        {start && end && (
          <GhostKey>
            {words.before}: {formatSpan(start, end, timezone, language)}
          </GhostKey>
        )}
        {isBlind && <span>{words.blind}</span>}
      </p>
    </>
  );
}

const WORDS: Words<{ choice: string; before: string; blind: string }> = {
  en: {
    choice: "Metric of the chart",
    before: "Before",
    blind: "Releases and troubles could not be fetched, so none are marked.",
  },
  ru: {
    choice: "Показатель на графике",
    before: "Раньше",
    blind: "Выпуски и неполадки получить не удалось, поэтому они не отмечены.",
  },
};
