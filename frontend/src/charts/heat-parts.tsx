import clsx from "clsx";
import { memo, type Ref } from "react";
import type { Unit } from "@/api/types.ts";
import { type Cell, type Heat, type HeatDrawing, hourName } from "@/charts/prepare-heat-map.ts";
import type { Frame } from "@/charts/types.ts";
import { formatValue } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

const FILLS: Record<NonNullable<Heat>, string> = {
  0: "fill-(--heat-0)",
  1: "fill-(--heat-1)",
  2: "fill-(--heat-2)",
  3: "fill-(--heat-3)",
  4: "fill-(--heat-4)",
  5: "fill-(--heat-5)",
};
const SWATCHES: Record<NonNullable<Heat>, string> = {
  0: "bg-(--heat-0)",
  1: "bg-(--heat-1)",
  2: "bg-(--heat-2)",
  3: "bg-(--heat-3)",
  4: "bg-(--heat-4)",
  5: "bg-(--heat-5)",
};
export const HeatCells = memo(function HeatCells({
  ref,
  drawing: { cells, size, days, hours, steps },
  frame,
}: {
  ref?: Ref<SVGSVGElement> | undefined;
  drawing: HeatDrawing;
  frame: Frame;
}) {
  return (
    <svg
      ref={ref}
      aria-hidden
      width={frame.width}
      height={frame.height}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      fontSize={frame.em}
      data-legend={JSON.stringify(steps.map(({ heat, label }) => [label, `--heat-${heat}`]))}
      className="absolute inset-0 max-w-full font-sans"
    >
      {cells.map(({ key, x, y, heat }) => (
        <rect
          key={key}
          x={x}
          y={y}
          {...size}
          rx="3"
          strokeDasharray={heat === null ? "1 3" : undefined}
          className={heat === null ? "fill-none stroke-line" : FILLS[heat]}
        />
      ))}
      {days.map(({ y, label }) => (
        <text key={label} x="0" y={y} dy="0.32em" className="fill-ink-soft">
          {label}
        </text>
      ))}
      {hours.map(({ x, label }) => (
        <text key={label} x={x} y={frame.height - frame.em * 0.5} className="fill-ink-soft">
          {label}
        </text>
      ))}
    </svg>
  );
});

export function HeatLegend({ steps, label }: { steps: HeatDrawing["steps"]; label: string }) {
  return (
    <ul aria-label={label} className="mt-2 flex flex-wrap gap-x-3 gap-y-1 text-xs text-ink-soft">
      {steps.map(({ heat, label: said }) => (
        <li key={heat} className="flex items-center gap-1.5">
          <span aria-hidden className={clsx("size-3 rounded-sm", SWATCHES[heat ?? 0])} />
          {said}
        </li>
      ))}
    </ul>
  );
}

export const HeatTable = memo(function HeatTable({
  label,
  cells,
  unit,
  language,
}: {
  label: string;
  cells: Cell[];
  unit: Unit;
  language: Language;
}) {
  return (
    <div className="sr-only">
      <table>
        <caption>{label}</caption>
        <tbody>
          {cells.map(({ key, value }) => (
            <tr key={key}>
              <th scope="row">{hourName(key, language)}</th>
              <td>{formatValue(value, unit, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
