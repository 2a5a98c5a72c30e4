import { describe, expect, it } from "vitest";
import { heatOf, hourName, prepareHeatMap } from "@/charts/prepare-heat-map.ts";
import { textWidth } from "@/charts/prepare-times.ts";

const FRAME = { width: 700, height: 232, em: 12 };

it.each([
  [null, null],
  [undefined, null],
  [0, 0],
  [1, 1],
  [2, 1],
  [3, 2],
  [10, 5],
  [99, 5],
])("%s is of heat %s", (value, heat) => {
  expect(heatOf(value, 2)).toBe(heat);
});

describe("a heat map", () => {
  it("says which numbers a colour stands for, and no colour that does not occur", () => {
    const steps = (values: Record<string, number>) =>
      prepareHeatMap(values, "count", FRAME, "en").steps.map(({ label }) => label);
    expect(steps({ "1-09": 8 })).toEqual(["0", "1–2", "3–4", "5–6", "7–8"]);
    expect(steps({ "1-09": 3 })).toEqual(["0", "1", "2", "3"]);
    expect(steps({ "1-09": 30 })).toEqual(["0", "1–6", "7–12", "13–18", "19–24", "25–30"]);
    expect(steps({})).toEqual(["0", "1"]);
  });

  it("divides what is not counted into fifths", () => {
    const { steps } = prepareHeatMap({ "1-09": 0.5 }, "share", FRAME, "en");
    expect(steps.map(({ label }) => label)).toEqual([
      "0%",
      "0%–10%",
      "10%–20%",
      "20%–30%",
      "30%–40%",
      "40%–50%",
    ]);
  });

  it.each([260, 330, 700, 3000])("names hours that do not touch in %d pixels", (width) => {
    const { hours, cells } = prepareHeatMap({}, "count", { ...FRAME, width }, "ru");
    expect(cells).toHaveLength(168);
    expect(Math.max(...cells.map(({ x }) => x))).toBeLessThan(width);
    hours.forEach((hour, place) => {
      const next = hours[place + 1];
      if (next) expect(next.x - hour.x).toBeGreaterThan(textWidth(hour.label, FRAME.em));
    });
  });

  it.each([
    ["1-09", "en", "Mon, 09:00–10:00"],
    ["7-23", "en", "Sun, 23:00–00:00"],
    ["3-00", "ru", "ср, 00:00–01:00"],
  ] as const)("calls %s by its name in %s", (key, language, name) => {
    expect(hourName(key, language)).toBe(name);
  });
});
