import { type PointerEvent, type Ref, useId, useMemo } from "react";
import type { Window } from "@/api/types.ts";
import { ChartTable } from "@/charts/chart-table.tsx";
import { ChartTooltip } from "@/charts/chart-tooltip.tsx";
import { readoutOf, readoutText } from "@/charts/prepare-readout.ts";
import { placeAt, prepareTimeChart, roomOf } from "@/charts/prepare-time-chart.ts";
import { TimePlot } from "@/charts/time-plot.tsx";
import type { ChartSeries, Form, Ghost, Mark, Span, Target } from "@/charts/types.ts";
import { useFrame } from "@/charts/use-frame.ts";
import { stepsOf, useWalk } from "@/charts/use-walk.ts";
import { WalkPoint } from "@/charts/walk-point.tsx";
import { CHART_WORDS } from "@/charts/words.ts";
import { useLanguage } from "@/lib/language.tsx";

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
  const { language } = useLanguage();
  const id = useId();
  const [box, frame] = useFrame(height);
  const asked = { window, spans, series, ghost, marks, form, frame, language };
  const drawing = useMemo(
    () => prepareTimeChart(asked),
    [window, spans, series, ghost, marks, form, frame.width, frame.height, frame.em, language],
  );
  const readouts = useMemo(
    () => spans.flatMap((_, place) => readoutOf(place, asked) ?? []),
    [window, spans, series, ghost, marks, language],
  );
  const begun = drawing.bands.filter(({ state }) => state !== "future").length;
  const walk = useWalk(spans.length, begun - 1, stepsOf(begun));
  const legend = JSON.stringify([
    ...series.map(({ title, tone }) => [title, `--series-${tone}`]),
    ...(ghost ? [[ghost.title, "--series-ghost"]] : []),
  ]);
  const point = (event: PointerEvent) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    walk.point(placeAt(event.clientX - left, drawing));
  };
  const at = Math.max(0, Math.min(walk.home, begun - 1));
  const span = spans[at];
  const target = span && hrefOf?.(span);
  const shown = walk.place === null ? undefined : readouts[walk.place];
  const readout = readouts[at];
  const room = roomOf(at, drawing);
  const shownRoom = roomOf(walk.place ?? at, drawing);
  const { top, bottom } = drawing.plot;
  return (
    <figure aria-label={label} className="m-0">
      <div
        ref={box}
        className="relative touch-pan-y select-none"
        style={{ height }}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={walk.leave}
      >
        {shown && (
          <div
            className="absolute rounded-md bg-well"
            style={{ ...shownRoom, top: top - 4, height: bottom - top + 4 }}
          />
        )}
        <TimePlot ref={ref} id={id} drawing={drawing} frame={frame} legend={legend} />
        {readout && (
          <WalkPoint
            label={label}
            text={readoutText(readout)}
            walk={walk}
            count={spans.length}
            target={target}
            style={{ ...room, top: 0, height: frame.height }}
          />
        )}
        {shown && (
          <ChartTooltip
            readout={shown}
            room={shownRoom}
            width={frame.width}
            hint={target && walk.place === at ? (hint ?? CHART_WORDS[language].open) : undefined}
          />
        )}
      </div>
      <ChartTable caption={label} readouts={readouts} />
    </figure>
  );
}
