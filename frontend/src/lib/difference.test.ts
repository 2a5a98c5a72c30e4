import { expect, it } from "vitest";
import type { Unit } from "@/api/types.ts";
import { differenceOf } from "@/lib/difference.ts";

type Known = number | null | undefined;

it.each<[Known, Known, Unit, ReturnType<typeof differenceOf>]>([
  [110, 100, "count", { sign: 1, text: "+10%" }],
  [97, 98, "count", { sign: -1, text: "-1%" }],
  [100, 100, "count", { sign: 0, text: "0%" }],
  [0, 0, "count", { sign: 0, text: "0%" }],
  [5, 0, "count", { sign: 1, text: "" }],
  [0, 5, "microdollars", { sign: -1, text: "-100%" }],
  [10_001, 10_000, "milliseconds", { sign: 0, text: "0%" }],
  [0.014, 0.013, "share", { sign: 1, text: "+0.1 pp" }],
  [0.0105, 0.0102, "share", { sign: 1, text: "+0.03 pp" }],
  [0.01052, 0.0105, "share", { sign: 0, text: "0 pp" }],
  [0.833, 0.952, "share", { sign: -1, text: "-11.9 pp" }],
  [0.1, 0, "share", { sign: 1, text: "+10 pp" }],
  [0.5, 0.5002, "share", { sign: 0, text: "0 pp" }],
  [null, 5, "count", null],
  [5, undefined, "count", null],
])("%s after %s %s", (current, previous, unit, expected) => {
  expect(differenceOf(current, previous, unit, "en")).toEqual(expected);
});

it("speaks Russian", () => {
  expect(differenceOf(0.05, 0.03, "share", "ru")?.text).toBe("+2 п. п.");
});
