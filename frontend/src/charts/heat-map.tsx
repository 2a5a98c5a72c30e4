import { type Ref, useMemo } from "react";
import type { Unit } from "@/api/types.ts";
import { HeatCells, HeatLegend, HeatTable } from "@/charts/heat-parts.tsx";
import {
  type Cell,
  type HeatDrawing,
  hourName,
  prepareHeatMap,
} from "@/charts/prepare-heat-map.ts";
import { HOUR_KEYS } from "@/charts/prepare-hours.ts";
import type { Target, Value } from "@/charts/types.ts";
import { useFrame } from "@/charts/use-frame.ts";
import { usePointing } from "@/charts/use-pointing.ts";
import { type Steps, useWalk } from "@/charts/use-walk.ts";
import { WalkPoint } from "@/charts/walk-point.tsx";
import { formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

const HOURS = 24;
const HEIGHT = 232;
const STEPS: Steps = {
  ArrowLeft: (place) => place - 1,
  ArrowRight: (place) => place + 1,
  ArrowUp: (place) => (place >= HOURS ? place - HOURS : place),
  ArrowDown: (place) => (place + HOURS < HOUR_KEYS.length ? place + HOURS : place),
  Home: (place) => place - (place % HOURS),
  End: (place) => place - (place % HOURS) + HOURS - 1,
};

const WORDS = {
  en: { unknown: "Not in the window", legend: "By hour" },
  ru: { unknown: "Не входит в окно", legend: "За час" },
};

/** A value by hour of week: days below each other, hours beside each other. */
export function HeatMap({
  ref,
  label,
  title,
  unit,
  values,
  hrefOf,
}: {
  ref?: Ref<SVGSVGElement>;
  label: string;
  /** Of what the values are. */
  title: string;
  unit: Unit;
  /** By keys such as 1-09. */
  values: Record<string, Value>;
  hrefOf?: (key: string) => Target | undefined;
}) {
  const { language } = useLanguage();
  const words = useWords(WORDS);
  const [box, frame] = useFrame(HEIGHT);
  const drawing = useMemo(
    () => prepareHeatMap(values, unit, frame, language),
    [values, unit, frame, language],
  );
  const walk = useWalk(HOUR_KEYS.length, firstOf(drawing.cells), STEPS);
  const cell = drawing.cells[walk.place ?? walk.home];
  const target = cell && hrefOf?.(cell.key);
  const linked = target ? (walk.place ?? walk.home) : null;
  const pointing = usePointing(box, walk, (x, y) => cellAt(x, y, drawing), linked);
  const wordsOf = ({ key, value }: Cell) => {
    const said = typeof value === "number" ? formatValue(value, unit, language) : words.unknown;
    return `${hourName(key, language)}: ${title} ${said}`;
  };
  return (
    <figure aria-label={label} className="m-0">
      <div ref={box} className="relative select-none" style={{ height: HEIGHT }} {...pointing}>
        <HeatCells ref={ref} drawing={drawing} frame={frame} />
        {cell && (
          <WalkPoint
            label={label}
            text={wordsOf(cell)}
            walk={walk}
            count={HOUR_KEYS.length}
            target={target}
            style={{ left: cell.x, top: cell.y, ...drawing.size }}
          />
        )}
        {cell && walk.place !== null && (
          <CellTip cell={cell} width={frame.width} text={wordsOf(cell)} />
        )}
      </div>
      <HeatLegend steps={drawing.steps} label={words.legend} />
      <HeatTable label={label} cells={drawing.cells} unit={unit} language={language} />
    </figure>
  );
}

/** Of the same height. */
export function HeatMapSkeleton() {
  return (
    <div className="space-y-2">
      <Skeleton className="h-[232px]" />
      <div className="h-4" />
    </div>
  );
}

function CellTip({ cell, width, text }: { cell: Cell; width: number; text: string }) {
  const shift = `translate(${(-100 * cell.x) / width}%, calc(-100% - 6px))`;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute z-10 w-max max-w-72 rounded-lg border border-line bg-raised px-2.5 py-1.5 text-xs shadow-sheet"
      style={{ left: cell.x, top: cell.y, transform: shift }}
    >
      {text}
    </div>
  );
}

function firstOf(cells: Cell[]): number {
  return Math.max(
    0,
    cells.findIndex(({ value }) => typeof value === "number" && value > 0),
  );
}

function cellAt(x: number, y: number, { cells, size }: HeatDrawing): number | null {
  const place = cells.findIndex(
    (cell) =>
      x >= cell.x && x < cell.x + size.width + 2 && y >= cell.y && y < cell.y + size.height + 2,
  );
  return place === -1 ? null : place;
}
