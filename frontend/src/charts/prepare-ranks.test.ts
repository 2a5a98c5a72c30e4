import { expect, it } from "vitest";
import { prepareRanks } from "@/charts/prepare-ranks.ts";

const row = (value: number | null, share?: number) => ({
  id: "a",
  title: "a",
  value,
  ...(share === undefined ? {} : { share }),
});

it("measures bars by the longest", () => {
  const { ranks } = prepareRanks([row(200, 0.5), row(50), row(0), row(null)], "count", 4, "en");
  expect(ranks).toEqual([
    { length: 100, value: "200", share: "50%" },
    { length: 25, value: "50", share: null },
    { length: 0, value: "0", share: null },
    { length: 0, value: "–", share: null },
  ]);
});

it("leaves a little of what is more than nothing", () => {
  expect(prepareRanks([row(1e6), row(1)], "count", 2, "en").ranks[1]?.length).toBeGreaterThan(0.5);
});

it.each([
  [2, null],
  [97, { shown: "2", total: "97" }],
  [12_345, { shown: "2", total: "12,345" }],
])("of %d in all says how many are shown", (total, some) => {
  expect(prepareRanks([row(2), row(1)], "count", total, "en").some).toEqual(some);
});
