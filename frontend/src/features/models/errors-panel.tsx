import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { breakdownQuery } from "@/api/queries.ts";
import { type Breakdown, DICTIONARY, type Values } from "@/api/types.ts";
import { ChartActions } from "@/charts/chart-actions.tsx";
import { RankedBars } from "@/charts/ranked-bars.tsx";
import type { Target } from "@/charts/types.ts";
import { FAILURES, type Failure } from "@/features/models/metrics.ts";
import { NoQuestions } from "@/features/models/no-questions.tsx";
import { prepareErrors } from "@/features/models/prepare-errors.ts";
import { ERROR_WORDS } from "@/features/models/words.ts";
import { csvHref } from "@/lib/csv.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import type { View } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { Explain } from "@/ui/explain.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

const MOST_CLASSES = 100;

/** Why questions failed, and why calls did. */
export function ErrorsPanel({
  view,
  totals = {},
  known,
}: {
  view: View;
  totals: Values | undefined;
  /** Which of the failures could be asked for. */
  known: readonly Failure[];
}) {
  const words = useWords(ERROR_WORDS);
  const query = useQuery(
    breakdownQuery({ ...view, compare: "none" }, "error", [...known], MOST_CLASSES),
  );
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <ChartActions
          name={words.title}
          window={query.data?.window}
          csv={csvHref("breakdown", view, { by: "error", metric: known })}
        />
      }
      query={query}
      skeleton={<Skeleton className="h-[17.5rem] sm:h-[15.7rem] lg:h-[9.2rem]" />}
      isEmpty={({ slices }) => !slices.some(({ values }) => FAILURES.some((slug) => values[slug]))}
      empty={
        totals.questions === 0 ? (
          <NoQuestions />
        ) : (
          <Empty title={words.nothing}>{words.nothingHint}</Empty>
        )
      }
    >
      {(data) => (
        <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
          <Classes
            slug="failed"
            data={data}
            totals={totals}
            to={{ to: "/dialogs", search: { ...view, having: "failed" } }}
            note={words.questionsNote}
          />
          {known.includes("failed_calls") ? (
            <Classes
              slug="failed_calls"
              data={data}
              totals={totals}
              note={
                <>
                  {words.callsNote}{" "}
                  <Link
                    to="/dialogs"
                    search={{ ...view, having: "fallback" }}
                    className="underline underline-offset-2 hover:text-ink"
                  >
                    {words.fallback}
                  </Link>
                </>
              }
            />
          ) : (
            <p className="text-sm text-ink-soft">{words.noCalls}</p>
          )}
        </div>
      )}
    </Panel>
  );
}

function Classes({
  slug,
  data,
  totals,
  to,
  note,
}: {
  slug: Failure;
  data: Breakdown;
  totals: Values;
  to?: Target;
  note: ReactNode;
}) {
  const words = useWords(ERROR_WORDS);
  const { language } = useLanguage();
  const { title } = useMetric()(slug);
  const heading = slug === "failed" ? words.questions : words.calls;
  const { rows, total } = prepareErrors(data, slug, totals, { language, none: words.none });
  return (
    <section aria-label={heading} className="min-w-0">
      <h3 className="mb-1 flex items-center gap-1 text-sm font-semibold">
        {heading}
        <Explain slug={slug} window={data.window} />
        <span className="ml-auto font-normal text-ink-soft">
          <span className="sr-only">{title}: </span>
          {formatValue(totals[slug], DICTIONARY[slug].unit, language)}
        </span>
      </h3>
      {rows.length > 0 ? (
        <>
          <RankedBars
            label={heading}
            unit={DICTIONARY[slug].unit}
            rows={rows.map((row) => (to ? { ...row, to } : row))}
            total={total}
            tone={4}
          />
          <p className="mt-2 text-xs text-ink-soft">{note}</p>
        </>
      ) : (
        <p className="py-2 text-sm text-ink-soft">{words.noneFailed}</p>
      )}
    </section>
  );
}
