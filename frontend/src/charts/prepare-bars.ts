import type { Band, Tone } from "@/charts/types.ts";

export type Bar = { key: string; path: string; tone: Tone; isPartial: boolean; isZero: boolean };
type Known = { id: string; tone: Tone; values: (number | null)[] };
type Scale = (value: number) => number;
type Box = { left: number; width: number; top: number; bottom: number };

const FILLED = 0.74; // of a bucket's room
const WIDEST = 56;
const LOWEST = 2;
const CORNER = 3;

/** Side by side. */
export function barsOf(series: readonly Known[], bands: readonly Band[], y: Scale): Bar[] {
  return series.flatMap((one, place) =>
    one.values.flatMap((value, index) => {
      const band = bands[index];
      if (value === null || !band) return [];
      const { left, width } = columnOf(band, series.length);
      const own = { left: left + (place * width) / series.length, width: width / series.length };
      return [barOf(one, index, band, { ...own, ...heightOf(value, y) }, value === 0)];
    }),
  );
}

/** On top of each other, the first at the bottom; only the highest has round corners. */
export function stackOf(series: readonly Known[], bands: readonly Band[], y: Scale): Bar[] {
  return bands.flatMap((band, index) => {
    const parts = series.filter(({ values }) => (values[index] ?? 0) > 0);
    let sum = 0;
    return parts.map((one, place) => {
      const bottom = y(sum);
      sum += one.values[index] ?? 0;
      const box = { ...columnOf(band, 1), top: Math.min(y(sum), bottom - 0.5), bottom };
      return barOf(one, index, band, box, false, place === parts.length - 1);
    });
  });
}

function barOf(
  { id, tone }: Known,
  index: number,
  band: Band,
  box: Box,
  isZero: boolean,
  isRound = true,
): Bar {
  const corner = isRound ? Math.min(CORNER, box.width / 3, box.bottom - box.top) : 0;
  return {
    key: `${id} ${index}`,
    path: pathOf(box, corner),
    tone,
    isPartial: band.state === "partial",
    isZero,
  };
}

/** A zero is a hair on the ground, and whatever is more is higher than that. */
function heightOf(value: number, y: Scale): { top: number; bottom: number } {
  const bottom = y(0);
  return { top: value === 0 ? bottom - 1 : Math.min(y(value), bottom - LOWEST), bottom };
}

function columnOf({ left, width }: Band, count: number): { left: number; width: number } {
  const filled = Math.min(width > 3 ? width * FILLED : width * 0.9, WIDEST * count);
  return { left: left + (width - filled) / 2, width: filled };
}

function pathOf({ left, width, top, bottom }: Box, corner: number): string {
  const right = left + width;
  const [l, r, t, b, c] = [left, right, top, bottom, corner].map(rounded);
  if (!c) return `M${l},${b}V${t}H${r}V${b}Z`;
  return `M${l},${b}V${rounded(top + corner)}Q${l},${t} ${rounded(left + corner)},${t}H${rounded(right - corner)}Q${r},${t} ${r},${rounded(top + corner)}V${b}Z`;
}

function rounded(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
