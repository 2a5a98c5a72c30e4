import { describe, expect, it } from "vitest";
import { type Asked, placeAt, prepareTimeChart, roomOf } from "@/charts/prepare-time-chart.ts";
import type { ChartSeries, Span, Value } from "@/charts/types.ts";
import { spansOf } from "@/testing/spans.ts";

const WINDOW = { as_of: "2026-11-21T09:30:00Z", bucket: "day", timezone: "UTC" } as const;
const WEEK: Span[] = spansOf(7, "2026-11-16T00:00:00Z").map((span, place) => ({
  ...span,
  is_partial: place === 5,
})); // the 21st is under way, the 22nd has not begun

const seriesOf = (values: Value[], id = "questions", tone: 1 | 2 = 1): ChartSeries => ({
  id,
  title: id,
  unit: "count",
  values,
  tone,
});

function prepare(asked: Partial<Asked>) {
  return prepareTimeChart({
    window: WINDOW,
    spans: WEEK,
    series: [seriesOf([1, 2, null, 0, 5, 3, 9])],
    form: "bars",
    frame: { width: 760, height: 240, em: 12 },
    language: "en",
    ...asked,
  });
}

describe("buckets", () => {
  it("are over, under way, or have not begun", () => {
    expect(prepare({}).bands.map(({ state }) => state)).toEqual([
      ...Array(5).fill("whole"),
      "partial",
      "future",
    ]);
  });

  it("share the room evenly", () => {
    const { bands, plot } = prepare({});
    const widths = new Set(bands.map(({ width }) => Math.round(width * 100)));
    expect(widths.size).toBe(1);
    expect(bands[0]?.left).toBeCloseTo(plot.left);
    expect((bands[6]?.left ?? 0) + (bands[6]?.width ?? 0)).toBeCloseTo(plot.right);
  });

  it.each([
    [0, null],
    [10_000, null],
  ])("are not found at %d", (x, expected) => {
    expect(placeAt(x, prepare({}))).toBe(expected);
  });

  it("are found below a pointer", () => {
    const drawing = prepare({});
    for (const place of [0, 3, 6]) {
      const { left, width } = roomOf(place, drawing);
      expect(placeAt(left + width / 2, drawing)).toBe(place);
    }
    expect(placeAt(drawing.plot.right, drawing)).toBe(6);
    expect(placeAt(100, prepare({ spans: [], series: [] }))).toBeNull();
  });
});

describe("bars", () => {
  it("are none where nothing is known or nothing has begun, and a hair where it is zero", () => {
    const { bars } = prepare({});
    expect(bars.map(({ key }) => key)).toEqual([0, 1, 3, 4, 5].map((at) => `questions ${at}`));
    expect(bars.filter(({ isZero }) => isZero)).toHaveLength(1);
    expect(bars.filter(({ isPartial }) => isPartial).map(({ key }) => key)).toEqual([
      "questions 5",
    ]);
  });

  it("ignore what is claimed of the future", () => {
    expect(prepare({}).values.at(-1)?.label).toBe("6"); // and not ten
  });

  it("stand side by side", () => {
    const both = [seriesOf([5, 5]), seriesOf([5, 5], "answers", 2)];
    const { bars } = prepare({ spans: WEEK.slice(0, 2), series: both });
    expect(new Set(bars.map(({ path }) => path.split(",")[0])).size).toBe(4);
  });

  it("stand on each other, and the axis reaches their sum", () => {
    const both = [seriesOf([30, 1]), seriesOf([40, null], "answers", 2)];
    const { bars, values } = prepare({ spans: WEEK.slice(0, 2), series: both, form: "stack" });
    expect(bars.map(({ key }) => key)).toEqual(["questions 0", "answers 0", "questions 1"]);
    expect(values.at(-1)?.label).toBe("80");
  });
});

describe("lines", () => {
  const lineOf = (values: Value[], spans = WEEK) =>
    prepare({ form: "lines", spans, series: [seriesOf(values)] }).lines[0];

  it("break at a gap, and are dashed to the bucket that is not over", () => {
    const line = lineOf([1, 2, null, 3, 4, 5, 6]);
    expect(line?.whole.match(/M/g)).toHaveLength(2);
    expect(line?.partial.match(/M/g)).toHaveLength(1);
    expect(line?.heights.map((height) => height === null)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it("show a value without neighbours as a dot", () => {
    expect(lineOf([null, 2, null, 4, null])?.alone.map(({ place }) => place)).toEqual([1, 3]);
    expect(lineOf([7], WEEK.slice(0, 1))?.alone).toHaveLength(1);
  });

  it("are nothing where nothing is known", () => {
    const line = lineOf([null, null]);
    expect([line?.whole, line?.partial, line?.area, line?.alone]).toEqual(["", "", "", []]);
  });

  it("have ground below them only when they are alone", () => {
    const both = [seriesOf([1, 2]), seriesOf([2, 3], "answers", 2)];
    expect(prepare({ form: "lines", series: both }).lines.map(({ area }) => area)).toEqual([
      "",
      "",
    ]);
    expect(lineOf([1, 2])?.area).toContain("Z");
  });
});

describe("the time before", () => {
  it("counts for the axis, and ends with this window", () => {
    const ghost = { title: "Before", values: [80, 10, null, 20, 5, 5, 5, 5, 999] };
    const drawing = prepare({ ghost });
    expect(drawing.values.at(-1)?.label).toBe("80");
    expect(drawing.ghost?.match(/M/g)).toHaveLength(2);
  });

  it("is left out without values", () => {
    expect(prepare({}).ghost).toBeNull();
    expect(prepare({ ghost: { title: "Before", values: [null, null] } }).ghost).toBeNull();
  });
});

describe("a chart", () => {
  it("of nothing has an axis all the same", () => {
    const drawing = prepare({ spans: [], series: [] });
    expect(drawing.values.map(({ label }) => label)).toEqual(["0", "1"]);
    expect([drawing.bars, drawing.lines, drawing.times, drawing.bands]).toEqual([[], [], [], []]);
  });

  it("of 400 buckets in 300 pixels stays in its frame", () => {
    const spans = spansOf(400, "2025-01-01T00:00:00Z");
    const series = [seriesOf(spans.map((_, place) => place % 17))];
    const { bars, plot, times } = prepare({
      spans,
      series,
      frame: { width: 300, height: 240, em: 12 },
    });
    expect(bars).toHaveLength(400);
    for (const { path } of bars) {
      const [left = 0] = path.slice(1).split(",").map(Number);
      expect(left).toBeGreaterThanOrEqual(plot.left - 0.01);
      expect(left).toBeLessThanOrEqual(plot.right);
    }
    expect(times.length).toBeGreaterThan(1);
  });

  it("makes room for flags only where there are some", () => {
    const marks = [{ at: "2026-11-18T12:00:00Z", kind: "release", label: "0.1.0" }] as const;
    const [without, withFlags] = [prepare({}), prepare({ marks })];
    expect(withFlags.plot.top).toBeGreaterThan(without.plot.top);
    expect(withFlags.flags[0]?.x).toBeCloseTo(withFlags.bands[2]?.centre ?? 0);
  });
});
