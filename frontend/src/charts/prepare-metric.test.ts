import { expect, it } from "vitest";
import type { Bucket } from "@/api/types.ts";
import { prepareMetric } from "@/charts/prepare-metric.ts";

const TITLES = { now: "Now", before: "Before" };
const buckets = (...all: Bucket["values"][]) => all.map((values) => ({ values }) as Bucket);

it.each([
  ["cost", "bars"],
  ["answers", "bars"],
  ["cost_per_answer", "lines"],
  ["feedback_score", "lines"],
  ["full_answer_p95", "lines"],
] as const)("draws %s as %s", (slug, form) => {
  expect(prepareMetric(slug, { buckets: [] }, undefined, TITLES).form).toBe(form);
});

it("keeps zero a zero and the unknown a gap", () => {
  const now = { buckets: buckets({ cost: 0 }, { cost: null }, {}) };
  const { series, ghost } = prepareMetric("cost", now, { buckets: buckets({ cost: 7 }) }, TITLES);
  expect(series).toEqual([
    { id: "cost", title: "Now", unit: "microdollars", tone: 1, values: [0, null, null] },
  ]);
  expect(ghost).toEqual({ title: "Before", values: [7] });
});

it("has no ghost without a time before", () => {
  expect(prepareMetric("cost", { buckets: [] }, undefined, TITLES).ghost).toBeUndefined();
});
