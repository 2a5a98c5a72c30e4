import { useQuery } from "@tanstack/react-query";
import type { Retention } from "@/api/types.ts";
import { CohortTable } from "@/features/users/cohort-table.tsx";
import { type CohortSquare, prepareCohorts, widerView } from "@/features/users/prepare-cohorts.ts";
import { cohortsQuery } from "@/features/users/queries.ts";
import { COHORT_WORDS } from "@/features/users/words.ts";
import { dayOf } from "@/lib/dates.ts";
import { useWords } from "@/lib/language.tsx";
import { useView } from "@/lib/use-view.ts";
import { withOnly } from "@/lib/view.ts";
import { Button } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";
import { FiltersLeftOut } from "@/ui/filters-left-out.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** Whether newcomers come back; `asOf` is the moment of the page's other numbers. */
export function CohortsPanel({ asOf }: { asOf: string | undefined }) {
  const words = useWords(COHORT_WORDS);
  const [view] = useView();
  const [ours, left] = withOnly(view, ["bot"]);
  const query = useQuery(cohortsQuery(ours));
  const moment = asOf ?? new Date(query.dataUpdatedAt).toISOString();
  const bucket = query.data?.bucket;
  return (
    <Panel
      title={words.title}
      note={bucket && words.sizes[bucket === "hour" ? "day" : bucket].note}
      query={query}
      skeleton={<RowsSkeleton rows={8} />}
    >
      {(retention) => (
        <div className="space-y-3">
          <FiltersLeftOut
            filters={left.filter((filter) => filter === "user")}
            because={words.onlyBots}
          />
          <Square retention={retention} asOf={moment} />
        </div>
      )}
    </Panel>
  );
}

function Square({ retention, asOf }: { retention: Retention; asOf: string }) {
  const words = useWords(COHORT_WORDS);
  const [view] = useView();
  const square = prepareCohorts(retention, asOf);
  const reason = emptiness(square);
  if (!reason) return <CohortTable square={square} />;
  return (
    <Empty title={reason === "short" ? words.short : words.nobody}>
      <p>{reason === "short" ? words.shortHint : words.nobodyHint}</p>
      <Widen today={dayOf(asOf, view.tz ?? "UTC")} />
    </Empty>
  );
}

function emptiness({ rows, people }: CohortSquare): "short" | "nobody" | null {
  if (rows.length < 2) return "short";
  return people === 0 ? "nobody" : null;
}

function Widen({ today }: { today: string }) {
  const words = useWords(COHORT_WORDS);
  const [view, change] = useView();
  const wider = widerView(view, today);
  if (!wider) return null;
  return (
    <Button className="mt-3" onClick={() => change(() => wider)}>
      {wider.period ? words.widen : words.widenMore}
    </Button>
  );
}
