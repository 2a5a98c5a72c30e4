import clsx from "clsx";
import { prepareSparkline, type Spark } from "@/charts/prepare-sparkline.ts";
import { FILL, STROKE } from "@/charts/tones.ts";
import type { Tone, Value } from "@/charts/types.ts";

/** So many values that they are threads. */
const DENSE = 80;

/** The course of a number, without axes; decoration beside the number itself. */
export function Sparkline({
  values,
  isLastPartial = false,
  tone = 1,
  className,
}: {
  values: readonly Value[];
  isLastPartial?: boolean;
  tone?: Tone;
  className?: string;
}) {
  const spark = prepareSparkline(values, isLastPartial);
  const isDense = values.length > DENSE;
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className={clsx("block h-9 w-full overflow-visible", className)}
    >
      <path d={spark.area} className={FILL[tone]} fillOpacity="0.1" />
      <g
        fill="none"
        strokeWidth={isDense ? 1 : 1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
        className={STROKE[tone]}
      >
        <path d={spark.whole} vectorEffect="non-scaling-stroke" />
        <path d={spark.partial} strokeDasharray="1 4" vectorEffect="non-scaling-stroke" />
        <Dots spark={spark} size={isDense ? 2 : 4} />
      </g>
    </svg>
  );
}

/** Strokes without length keep round where the drawing is stretched. */
function Dots({ spark: { last, alone }, size }: { spark: Spark; size: number }) {
  const others = alone.filter(({ place }) => place !== last?.place);
  return (
    <g strokeWidth={size}>
      {[...others, ...(last ? [last] : [])].map(({ place, x, y }) => (
        <path key={place} d={`M${x},${y}h0.001`} vectorEffect="non-scaling-stroke" />
      ))}
    </g>
  );
}
