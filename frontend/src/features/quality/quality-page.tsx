import { useQuery } from "@tanstack/react-query";
import { seriesQuery } from "@/api/queries.ts";
import type { Series } from "@/api/types.ts";
import { useAround } from "@/charts/use-around.ts";
import { BreakdownPanel } from "@/features/quality/breakdown-panel.tsx";
import { CHOICES } from "@/features/quality/choices.ts";
import { Meanings } from "@/features/quality/meanings.tsx";
import { CHARTED, type Charted, PAGE_METRICS, SAID, WRONG } from "@/features/quality/metrics.ts";
import { dialogsInBucket } from "@/features/quality/prepare-behind.ts";
import { TileNote } from "@/features/quality/tile-note.tsx";
import { PAGE_WORDS } from "@/features/quality/words.ts";
import { choosing, useChosen } from "@/lib/choices.ts";
import { useWords } from "@/lib/language.tsx";
import { fitting } from "@/lib/metrics.ts";
import { useView } from "@/lib/use-view.ts";
import { Empty } from "@/ui/empty.tsx";
import { MetricPanel } from "@/ui/metric-panel.tsx";
import { MetricsLeftOut } from "@/ui/metrics-left-out.tsx";
import { type TileMore, Tiles } from "@/ui/tiles.tsx";

/** Whether the answers are good: by what people say and do, and by what goes wrong. */
export function QualityPage() {
  const words = useWords(PAGE_WORDS);
  const [view] = useView();
  const [chosen, choose] = useChosen(CHOICES);
  const known = fitting(PAGE_METRICS, view);
  const charted = fitting(CHARTED, view);
  const metric = charted.find((slug) => slug === chosen.metric) ?? charted[0] ?? chosen.metric;
  const series = useQuery(seriesQuery(view, known));
  const around = useAround(view, series.data?.window, charted);
  const more = (slug: Charted, data: Series): TileMore => ({
    to: choosing(CHOICES, { metric: slug }),
    isChosen: slug === metric,
    note: <TileNote slug={slug} values={data.total.current} view={view} />,
  });
  const tiles = {
    query: series,
    className: "md:grid-cols-3 xl:grid-cols-6",
    hasNotes: true,
    moreOf: more,
  };
  return (
    <>
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <MetricsLeftOut slugs={PAGE_METRICS.filter((slug) => !known.includes(slug))} />
      <Tiles title={words.said} isTitleShown slugs={SAID} {...tiles} />
      <Tiles title={words.wrong} isTitleShown slugs={WRONG} {...tiles} />
      <MetricPanel
        slug={metric}
        view={view}
        query={series}
        around={around}
        choices={charted}
        onChoose={(slug) => choose({ metric: slug })}
        hrefOf={(span) => dialogsInBucket(metric, view, span)}
        isEmpty={({ total }) => total.current.questions === 0}
        empty={
          <Empty title={words.nothing}>
            {words.nothingHint} <code>make demo</code>.
          </Empty>
        }
      />
      <BreakdownPanel view={view} by={chosen.by} onChoose={(by) => choose({ by })} />
      <Meanings />
    </>
  );
}
