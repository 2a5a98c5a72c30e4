import { expect, it } from "vitest";
import type { Bucket } from "@/api/types.ts";
import { prepareCourses } from "@/features/models/prepare-courses.ts";

it("draws the percentiles of the chosen stage alone, with gaps", () => {
  const buckets = [
    { values: { queue_p50: 7, queue_p95: 26, queue_p99: 44, delivery_p50: 1 } },
    { values: { queue_p50: null } },
  ] as Bucket[];
  expect(prepareCourses("queue", { buckets })).toEqual([
    { id: "p50", title: "p50", unit: "milliseconds", tone: 1, values: [7, null] },
    { id: "p95", title: "p95", unit: "milliseconds", tone: 2, values: [26, null] },
    { id: "p99", title: "p99", unit: "milliseconds", tone: 4, values: [44, null] },
  ]);
});
