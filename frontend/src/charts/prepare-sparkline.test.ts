import { expect, it } from "vitest";
import { prepareSparkline } from "@/charts/prepare-sparkline.ts";

it("goes from zero to the largest, and breaks at a gap", () => {
  const { whole, last } = prepareSparkline([0, 10, null, 5, 10], false);
  expect(whole).toBe("M0,100L25,0M75,50L100,0");
  expect(last).toEqual({ place: 4, x: 100, y: 0 });
});

it("is dashed to the bucket that is not over", () => {
  const { whole, partial } = prepareSparkline([10, 10, 1], true);
  expect([whole, partial]).toEqual(["M0,0L50,0", "M50,0L100,90"]);
});

it.each([
  [[], null],
  [[null, null], null],
  [[0, 0], 1],
  [[3], 0],
])("of %j ends at %s", (values, place) => {
  expect(prepareSparkline(values, true).last?.place ?? null).toBe(place);
});
