import clsx from "clsx";
import { type Ref, useId } from "react";
import type { Window } from "@/api/types.ts";
import { ChartTable } from "@/charts/chart-table.tsx";
import { ChartTooltip } from "@/charts/chart-tooltip.tsx";
import { readoutText } from "@/charts/prepare-readout.ts";
import type { Drawing } from "@/charts/prepare-time-chart.ts";
import { TimePlot } from "@/charts/time-plot.tsx";
import { SWATCH } from "@/charts/tones.ts";
import type { ChartSeries, Form, Ghost, Mark, Span, Target } from "@/charts/types.ts";
import { useTimeChart } from "@/charts/use-time-chart.ts";
import { WalkPoint } from "@/charts/walk-point.tsx";
import { CHART_WORDS } from "@/charts/words.ts";
import { useWords } from "@/lib/language.tsx";

/**
 * Values by buckets of time. Series share a unit. A pointer or arrows lead through the buckets, and
 * where `hrefOf` knows rows behind a bucket, a press or Enter leads to them; `hint` says to what.
 */
export function TimeChart({
  ref,
  label,
  window,
  spans,
  series,
  ghost,
  marks,
  form = "bars",
  height = 240,
  hrefOf,
  hint,
}: {
  ref?: Ref<SVGSVGElement>;
  label: string;
  window: Pick<Window, "as_of" | "bucket" | "timezone">;
  spans: readonly Span[];
  series: readonly ChartSeries[];
  ghost?: Ghost | undefined;
  marks?: readonly Mark[] | undefined;
  form?: Form;
  height?: number;
  hrefOf?: ((span: Span) => Target | undefined) | undefined;
  hint?: string;
}) {
  const words = useWords(CHART_WORDS);
  const id = useId();
  const chart = useTimeChart({ window, spans, series, ghost, marks, form, height, hrefOf });
  const { box, frame, drawing, readouts, walk, pointing, linked, shown } = chart;
  const isPressable = linked.target !== undefined && shown?.isLinked;
  return (
    <figure aria-label={label} className="m-0">
      <div ref={box} className="relative touch-pan-y select-none" style={{ height }} {...pointing}>
        {shown && <Shade room={shown.room} plot={drawing.plot} />}
        <TimePlot
          ref={ref}
          id={id}
          drawing={drawing}
          frame={frame}
          legend={legendOf(series, ghost)}
        />
        {shown && <Dots drawing={drawing} place={shown.place} />}
        {linked.readout && (
          <WalkPoint
            label={label}
            text={readoutText(linked.readout)}
            walk={walk}
            count={spans.length}
            target={linked.target}
            style={{ ...linked.room, top: 0, height: drawing.plot.bottom }}
          />
        )}
        {shown?.readout && (
          <ChartTooltip
            readout={shown.readout}
            room={shown.room}
            width={frame.width}
            hint={isPressable ? (hint ?? words.open) : undefined}
          />
        )}
      </div>
      <ChartTable caption={label} readouts={readouts} />
    </figure>
  );
}

function Shade({
  room,
  plot: { top, bottom },
}: {
  room: { left: number; width: number };
  plot: Drawing["plot"];
}) {
  const style = { ...room, top: top - 4, height: bottom - top + 4 };
  return <div className="absolute rounded-md bg-well" style={style} />;
}

/** Where the lines are in the bucket that is shown. */
function Dots({ drawing: { lines, bands }, place }: { drawing: Drawing; place: number }) {
  return lines.map(({ id, tone, heights }) => {
    const height = heights[place];
    if (typeof height !== "number") return null;
    return (
      <span
        key={id}
        className={clsx(
          "pointer-events-none absolute -mt-1 -ml-1 size-2 rounded-full ring-2 ring-sheet",
          SWATCH[tone],
        )}
        style={{ left: bands[place]?.centre, top: height }}
      />
    );
  });
}

/** For a picture of the chart. */
function legendOf(series: readonly ChartSeries[], ghost: Ghost | undefined): string {
  return JSON.stringify([
    ...series.map(({ title, tone }) => [title, `--series-${tone}`]),
    ...(ghost ? [[ghost.title, "--series-ghost"]] : []),
  ]);
}
