import { describe, expect, it } from "vitest";
import { readoutOf, readoutText, withMarks } from "@/charts/prepare-readout.ts";
import type { Mark } from "@/charts/types.ts";
import { spansOf } from "@/testing/spans.ts";

const WINDOW = { as_of: "2026-11-21T09:30:00Z", bucket: "day", timezone: "UTC" } as const;
const SPANS = spansOf(4, "2026-11-19T00:00:00Z").map((span, place) => ({
  ...span,
  is_partial: place === 2,
}));
const MARKS: Mark[] = [
  { at: "2026-11-19T08:00:00Z", kind: "release", label: "0.1.0" },
  { at: "2026-11-20T00:00:00Z", kind: "flood", label: "Telegram asked to wait 30 s" },
];
const ASKED = {
  window: WINDOW,
  spans: SPANS,
  series: [
    {
      id: "questions",
      title: "Questions",
      unit: "count",
      values: [57, 60, 6, 0],
      tone: 1,
    } as const,
  ],
  ghost: { title: "Before", values: [78, null, 15, 20] },
  marks: MARKS,
  language: "en",
} as const;
const textOf = (place: number, more: Partial<Parameters<typeof readoutOf>[1]> = {}) => {
  const readout = readoutOf(place, { ...ASKED, ...more });
  return readout && readoutText(readout);
};

describe("what is said of a bucket", () => {
  it.each([
    [0, "Thu, Nov 19: Questions 57, Before 78. 08:00 Release: 0.1.0"],
    [1, "Fri, Nov 20: Questions 60, Before –. 00:00 Flood control: Telegram asked to wait 30 s"],
    [2, "Sat, Nov 21: Questions 6, Before 15. Not over yet"],
    [3, "Sun, Nov 22: Questions –, Before 20. Has not begun"],
    [4, null],
  ])("number %d", (place, expected) => {
    expect(textOf(place)).toBe(expected);
  });

  it("says that a bucket is cut by the window", () => {
    const window = { ...WINDOW, as_of: "2026-12-01T00:00:00Z" };
    expect(textOf(2, { window })).toContain("Only partly in the window");
  });

  it("says by how much it differs, in points between shares", () => {
    const changeOf = (unit: "count" | "share", values: number[], before: number[]) => {
      const series = [{ id: "a", title: "A", unit, values, tone: 1 } as const];
      const ghost = { title: "Before", values: before };
      return readoutOf(0, { ...ASKED, series, ghost })?.rows[1]?.change;
    };
    expect(changeOf("count", [57], [78])).toBe("-27%");
    expect(changeOf("share", [0.05], [0.03])).toBe("+2 pp");
    expect(changeOf("count", [5], [5])).toBeUndefined();
    expect(changeOf("count", [5], [0])).toBeUndefined();
  });

  it("speaks Russian", () => {
    expect(textOf(2, { language: "ru" })).toBe(
      "сб, 21 нояб.: Questions 6, Before 15. Ещё не закончилось",
    );
  });

  it("tells all marks of a flag, with days where buckets are long", () => {
    const readout = readoutOf(0, ASKED) ?? undefined;
    const told = withMarks(readout, MARKS, { ...WINDOW, bucket: "month" }, "en");
    expect(told?.marks).toEqual([
      "Nov 19, 2026, 08:00 Release: 0.1.0",
      "Nov 20, 2026, 00:00 Flood control: Telegram asked to wait 30 s",
    ]);
    expect(withMarks(undefined, MARKS, WINDOW, "en")).toBeUndefined();
  });
});
