import { expect, it } from "vitest";
import { flagAt, flagsOf, marksIn } from "@/charts/prepare-marks.ts";
import type { Mark } from "@/charts/types.ts";
import { spansOf } from "@/testing/spans.ts";

const SPANS = spansOf(10, "2026-11-01T00:00:00Z");
const band = (place: number) => ({ left: place * 100, width: 100 });
const mark = (at: string, label = at): Mark => ({ at, kind: "release", label });

it.each([
  ["2026-11-01T00:00:00Z", 0],
  ["2026-11-01T12:00:00Z", 50],
  ["2026-11-10T23:59:59Z", 1000],
])("puts what happened at %s where its moment is", (at, x) => {
  const [flag] = flagsOf([mark(at)], SPANS, band, 14);
  expect(flag?.x).toBeCloseTo(x, 0);
});

it("leaves out what is outside of the window", () => {
  const outside = [mark("2026-10-31T23:59:59Z"), mark("2026-11-11T00:00:00Z"), mark("nonsense")];
  expect(flagsOf(outside, SPANS, band, 14)).toEqual([]);
  expect(flagsOf(outside, [], band, 14)).toEqual([]);
});

it("gathers those that would touch, in their order", () => {
  const marks = ["2026-11-03T02:00:00Z", "2026-11-03T00:00:00Z", "2026-11-07T00:00:00Z"].map((at) =>
    mark(at),
  );
  const flags = flagsOf(marks, SPANS, band, 14);
  expect(flags.map((flag) => [flag.place, flag.marks.length])).toEqual([
    [2, 2],
    [6, 1],
  ]);
  expect(flags[0]?.marks[0]?.at).toBe("2026-11-03T00:00:00Z");
});

it("finds the flag below a pointer", () => {
  const flags = flagsOf([mark("2026-11-03T00:00:00Z")], SPANS, band, 14);
  expect([195, 198, 205, 213, 214].map((x) => flagAt(flags, x) !== undefined)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

it("knows the marks of a bucket, whose end is not its own", () => {
  const [, second] = SPANS;
  const marks = [mark("2026-11-02T00:00:00Z", "in"), mark("2026-11-03T00:00:00Z", "out")];
  expect(second && marksIn(marks, second).map(({ label }) => label)).toEqual(["in"]);
});
