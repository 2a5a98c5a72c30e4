import { useQuery } from "@tanstack/react-query";
import { breakdownQuery, seriesQuery } from "@/api/queries.ts";
import type { Series } from "@/api/types.ts";
import { dialogsIn } from "@/charts/drill.ts";
import { useAround } from "@/charts/use-around.ts";
import { CHOICES } from "@/features/models/choices.ts";
import { ErrorsPanel } from "@/features/models/errors-panel.tsx";
import { LatencyPanel } from "@/features/models/latency-panel.tsx";
import { LedgerPanel } from "@/features/models/ledger-panel.tsx";
import { BY_MODEL, CHARTED, FAILURES, PAGE_METRICS } from "@/features/models/metrics.ts";
import { ModelsPanel } from "@/features/models/models-panel.tsx";
import { NoQuestions } from "@/features/models/no-questions.tsx";
import { PAGE_WORDS } from "@/features/models/words.ts";
import { choosing, useChosen } from "@/lib/choices.ts";
import { useWords } from "@/lib/language.tsx";
import { fitting } from "@/lib/metrics.ts";
import { useView } from "@/lib/use-view.ts";
import { MetricPanel } from "@/ui/metric-panel.tsx";
import { MetricsLeftOut } from "@/ui/metrics-left-out.tsx";
import { Tiles } from "@/ui/tiles.tsx";

/** What models cost, how long they take, how they fail, and what asking another one is worth. */
export function ModelsPage() {
  const words = useWords(PAGE_WORDS);
  const [view] = useView();
  const [chosen, choose] = useChosen(CHOICES);
  const [known, byModel] = [fitting(PAGE_METRICS, view), fitting(BY_MODEL, view)];
  const charted = fitting(CHARTED, view);
  const metric = charted.find((slug) => slug === chosen.metric) ?? "cost";
  const series = useQuery(seriesQuery(view, known));
  const models = useQuery(breakdownQuery({ ...view, compare: "none" }, "model", byModel));
  const around = useAround(view, series.data?.window, charted);
  const missing = [...PAGE_METRICS, ...BY_MODEL].filter(
    (slug) => !known.includes(slug) && !byModel.includes(slug),
  );
  return (
    <>
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <MetricsLeftOut slugs={[...new Set(missing)]} />
      <Tiles
        title={words.numbers}
        slugs={CHARTED}
        query={series}
        className="md:grid-cols-4"
        hasNotes={false}
        moreOf={(slug) => ({ to: choosing(CHOICES, { metric: slug }), isChosen: slug === metric })}
      />
      <MetricPanel
        slug={metric}
        view={view}
        query={series}
        around={around}
        choices={charted}
        onChoose={(slug) => choose({ metric: slug })}
        hrefOf={(span) => dialogsIn(view, span)}
        isEmpty={isQuiet}
        empty={<NoQuestions />}
      />
      <ModelsPanel query={models} view={view} known={byModel} />
      <LatencyPanel view={view} stage={chosen.stage} />
      <ErrorsPanel
        view={view}
        totals={series.data?.total.current}
        known={fitting(FAILURES, view)}
      />
      <LedgerPanel view={view} query={series} models={models} />
    </>
  );
}

function isQuiet({ total }: Series): boolean {
  return total.current.questions === 0;
}
