import clsx from "clsx";
import { memo, type Ref } from "react";
import type { Line } from "@/charts/prepare-lines.ts";
import type { Flag } from "@/charts/prepare-marks.ts";
import type { Drawing } from "@/charts/prepare-time-chart.ts";
import { FILL, STROKE } from "@/charts/tones.ts";
import type { Frame, Tone } from "@/charts/types.ts";

/** The drawing alone; it knows nothing of pointers. */
export const TimePlot = memo(function TimePlot({
  ref,
  id,
  drawing,
  frame,
  legend,
}: {
  ref?: Ref<SVGSVGElement> | undefined;
  id: string;
  drawing: Drawing;
  frame: Frame;
  /** For a picture of the chart, which has to say what its colours mean. */
  legend: string;
}) {
  const { bars, lines, ghost, flags } = drawing;
  return (
    <svg
      ref={ref}
      aria-hidden
      width={frame.width}
      height={frame.height}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      data-legend={legend}
      className="absolute inset-0 max-w-full font-sans"
      fontSize={frame.em}
    >
      <Axes drawing={drawing} em={frame.em} />
      <Hatches id={id} tones={[...new Set(bars.map(({ tone }) => tone))]} />
      {ghost && bars.length > 0 && <Ghost path={ghost} />}
      {bars.map(({ key, path, tone, isPartial, isZero }) => (
        <path
          key={key}
          d={path}
          className={clsx(
            isPartial ? STROKE[tone] : FILL[tone],
            isZero && "opacity-60",
            isPartial && "[stroke-width:1]",
          )}
          fill={isPartial ? `url(#${id}-${tone})` : undefined}
        />
      ))}
      {ghost && bars.length === 0 && <Ghost path={ghost} />}
      {lines.map((line) => (
        <LineShape key={line.id} line={line} />
      ))}
      {flags.map((flag) => (
        <FlagShape key={flag.x} flag={flag} drawing={drawing} em={frame.em} />
      ))}
    </svg>
  );
});

function Axes({ drawing: { plot, values, times }, em }: { drawing: Drawing; em: number }) {
  return (
    <>
      {values.map(({ y, label }, place) => (
        <g key={label}>
          <line
            x1={plot.left}
            x2={plot.right}
            y1={Math.round(y) + 0.5}
            y2={Math.round(y) + 0.5}
            className={place === 0 ? "stroke-line-strong" : "stroke-grid"}
          />
          <text
            x={plot.left - em * 0.6}
            y={y}
            dy="0.32em"
            textAnchor="end"
            className="fill-ink-soft"
          >
            {label}
          </text>
        </g>
      ))}
      {times.map(({ place, x, label }) => (
        <text
          key={place}
          x={x}
          y={plot.bottom + em * 1.6}
          textAnchor="middle"
          className="fill-ink-soft"
        >
          {label}
        </text>
      ))}
    </>
  );
}

/** Bars of buckets that are not over. */
function Hatches({ id, tones }: { id: string; tones: Tone[] }) {
  return (
    <defs>
      {tones.map((tone) => (
        <pattern
          key={tone}
          id={`${id}-${tone}`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className={FILL[tone]} fillOpacity="0.16" />
          <rect width="2.2" height="6" className={FILL[tone]} fillOpacity="0.75" />
        </pattern>
      ))}
    </defs>
  );
}

function Ghost({ path }: { path: string }) {
  return <path d={path} fill="none" strokeWidth="1.5" className="stroke-series-ghost" />;
}

function LineShape({ line: { tone, whole, partial, area, alone } }: { line: Line }) {
  return (
    <g>
      {area && <path d={area} className={FILL[tone]} fillOpacity="0.09" />}
      <g fill="none" strokeWidth="2" strokeLinejoin="round" strokeLinecap="round">
        <path d={whole} className={STROKE[tone]} />
        <path d={partial} strokeDasharray="1 5" className={STROKE[tone]} />
      </g>
      {alone.map(({ place, x, y }) => (
        <circle key={place} cx={x} cy={y} r="2.5" className={FILL[tone]} />
      ))}
    </g>
  );
}

function FlagShape({
  flag: { x, marks },
  drawing: { plot },
  em,
}: {
  flag: Flag;
  drawing: Drawing;
  em: number;
}) {
  const isTrouble = marks.some(({ kind }) => kind === "flood" || kind === "breaker");
  const at = Math.round(x) + 0.5;
  return (
    <g className={isTrouble ? "text-warn" : "text-ink-soft"}>
      <line x1={at} x2={at} y1={1} y2={plot.bottom} stroke="currentColor" strokeDasharray="2 3" />
      <path d={`M${at},1h9l-2.5,4l2.5,4h-9z`} fill="currentColor" />
      {marks.length > 1 && (
        <text x={at + 11} y={9} fontSize={em * 0.85} fill="currentColor">
          {marks.length}
        </text>
      )}
    </g>
  );
}
