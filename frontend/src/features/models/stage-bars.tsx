import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { Series, Window } from "@/api/types.ts";
import { CHOICES } from "@/features/models/choices.ts";
import { PARTS, PERCENTILES, type Stage, slugOf, WAITS } from "@/features/models/metrics.ts";
import { prepareStages, type StageRow, type Tick } from "@/features/models/prepare-stages.ts";
import { LATENCY_WORDS } from "@/features/models/words.ts";
import { choosing } from "@/lib/choices.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Explain } from "@/ui/explain.tsx";

/** On a phone the picture has a line of its own below the numbers. */
const ROW =
  "grid grid-cols-[minmax(0,1fr)_4rem_4rem_4rem] items-center gap-x-2 sm:grid-cols-[12rem_minmax(0,1fr)_4.5rem_4.5rem_4.5rem]";
const PICTURE = "col-span-full sm:col-span-1 sm:col-start-2 sm:row-start-1";

/** Each stage as the range in which most answers lie, all on one axis; a press shows its course. */
export function StageBars({
  total,
  window,
  chosen,
}: {
  total: Series["total"];
  window: Window;
  chosen: Stage;
}) {
  const words = useWords(LATENCY_WORDS);
  const { language } = useLanguage();
  const { rows, ticks } = prepareStages(total.current, language);
  const groups = [
    { title: words.parts, stages: PARTS },
    { title: words.waits, stages: WAITS },
  ];
  return (
    <div className="min-w-0">
      {groups.map(({ title, stages }, place) => (
        <section key={title} aria-label={title} className="mb-3">
          <div className={clsx(ROW, "border-b border-line pb-1")}>
            <h3 className="text-sm font-semibold sm:col-span-2">{title}</h3>
            {PERCENTILES.map((percentile) => (
              <span key={percentile} aria-hidden className="text-right text-xs text-ink-soft">
                {place === 0 && percentile}
              </span>
            ))}
          </div>
          <ul>
            {rows
              .filter(({ stage }) => stages.some((one) => one === stage))
              .map((row) => (
                <Row
                  key={row.stage}
                  row={row}
                  ticks={ticks}
                  window={window}
                  isChosen={row.stage === chosen}
                />
              ))}
          </ul>
        </section>
      ))}
      <Axis ticks={ticks} />
      <p className="mt-3 text-xs text-ink-soft">
        {words.key} {words.axis}
      </p>
    </div>
  );
}

function Row({
  row: { stage, texts, places },
  ticks,
  window,
  isChosen,
}: {
  row: StageRow;
  ticks: Tick[];
  window: Window;
  isChosen: boolean;
}) {
  const words = useWords(LATENCY_WORDS);
  return (
    <li
      className={clsx(
        ROW,
        "relative -mx-2 rounded-lg px-2 py-1.5 hover:bg-well/60",
        isChosen && "bg-accent-soft/60",
      )}
    >
      <span className="flex min-w-0 items-center gap-0.5 text-sm">
        <Link
          {...choosing(CHOICES, { stage })}
          replace
          resetScroll={false}
          activeOptions={{ exact: true }}
          aria-current={isChosen ? "true" : undefined}
          className={clsx(
            "inline-flex min-h-[24px] items-center after:absolute after:inset-0 after:rounded-lg",
            isChosen && "font-semibold",
          )}
        >
          {words.stages[stage]}
        </Link>
        <span className="relative">
          <Explain slug={slugOf(stage, "p95")} window={window} />
        </span>
      </span>
      <span className={clsx(PICTURE, "relative h-5")} aria-hidden>
        <Lines ticks={ticks} />
        {places && <Range places={places} />}
      </span>
      {PERCENTILES.map((percentile) => (
        <span
          key={percentile}
          className={clsx("text-right text-sm whitespace-nowrap", NUMBER_PLACE[percentile])}
        >
          <span className="sr-only">{percentile} </span>
          {texts[percentile]}
        </span>
      ))}
    </li>
  );
}

const NUMBER_PLACE = {
  p50: "col-start-2 row-start-1 text-ink-soft sm:col-start-3",
  p95: "col-start-3 row-start-1 font-medium sm:col-start-4",
  p99: "col-start-4 row-start-1 text-ink-soft sm:col-start-5",
};

function Lines({ ticks }: { ticks: Tick[] }) {
  return ticks.map(({ at }) => (
    <span key={at} className="absolute -inset-y-1.5 w-px bg-grid" style={{ left: `${at}%` }} />
  ));
}

function Range({ places: { p50, p95, p99 } }: { places: NonNullable<StageRow["places"]> }) {
  const bar = "absolute top-1/2 -translate-y-1/2";
  return (
    <>
      <span
        className={clsx(bar, "h-1.5 rounded-r-full bg-series-1/35")}
        style={{ left: `${p95}%`, width: `${p99 - p95}%` }}
      />
      <span
        className={clsx(bar, "h-2 bg-series-1")}
        style={{ left: `${p50}%`, width: `max(2px, ${p95 - p50}%)` }}
      />
      <span
        className={clsx(
          bar,
          "size-3 -translate-x-1/2 rounded-full border-2 border-sheet bg-series-1",
        )}
        style={{ left: `${p50}%` }}
      />
    </>
  );
}

function Axis({ ticks }: { ticks: Tick[] }) {
  return (
    <div className={ROW} aria-hidden>
      <div className={clsx(PICTURE, "relative h-4 text-xs text-ink-soft")}>
        {ticks.map(({ at, text }, place) => (
          <span
            key={at}
            className={clsx(
              "absolute whitespace-nowrap",
              place > 0 && (place === ticks.length - 1 ? "-translate-x-full" : "-translate-x-1/2"),
            )}
            style={{ left: `${at}%` }}
          >
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}
