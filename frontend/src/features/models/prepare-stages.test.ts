import { describe, expect, it } from "vitest";
import type { Values } from "@/api/types.ts";
import { STAGES, type Stage } from "@/features/models/metrics.ts";
import { prepareStages } from "@/features/models/prepare-stages.ts";

const stage = (
  name: Stage,
  p50: number | null,
  p95: number | null,
  p99: number | null,
): Values => ({
  [`${name}_p50`]: p50,
  [`${name}_p95`]: p95,
  [`${name}_p99`]: p99,
});
const row = (values: Values, name: Stage) =>
  prepareStages(values, "en").rows.find((one) => one.stage === name);

describe("the axis", () => {
  it.each([
    ["around what is known", stage("queue", 20, 60, 95), ["10 ms", "100 ms"]],
    [
      "over orders of magnitude",
      { ...stage("queue", 7, 26, 44), ...stage("full_answer", 3430, 9710, 12_800) },
      ["1 ms", "10 ms", "100 ms", "1 sec", "10 sec", "1 min"],
    ],
    ["on a line itself", stage("queue", 1000, 1000, 1000), ["1 sec", "10 sec"]],
    [
      "from the first line on where nothing was waited for",
      stage("queue", 0, 0, 2),
      ["1 ms", "10 ms"],
    ],
    ["while nothing is known", {}, ["10 ms", "100 ms", "1 sec", "10 sec"]],
    ["up to its last line", stage("queue", 1, 1, 1e12), 10],
  ])("lies %s", (_name, values, lines) => {
    const texts = prepareStages(values, "en").ticks.map(({ text }) => text);
    if (typeof lines === "number") expect(texts).toHaveLength(lines);
    else expect(texts).toEqual(lines);
  });

  it("reaches from one end to the other", () => {
    const { ticks } = prepareStages(stage("queue", 20, 60, 950), "en");
    expect(ticks.map(({ at }) => Math.round(at))).toEqual([0, 50, 100]);
  });
});

describe("a stage", () => {
  it("lies where its times lie, by orders of magnitude", () => {
    const { places } = row(stage("delivery", 10, 100, 1000), "delivery") ?? {};
    expect(places?.p50).toBeCloseTo(0);
    expect(places?.p95).toBeCloseTo(50);
    expect(places?.p99).toBeCloseTo(100);
  });

  it("that took no time begins where the axis does", () => {
    expect(row(stage("queue", 0, 5, 10), "queue")?.places?.p50).toBe(0);
  });

  it("says its times, and a dash for what is not known", () => {
    expect(row(stage("generation", 2590, 6770, null), "generation")).toEqual({
      stage: "generation",
      texts: { p50: "2.59 sec", p95: "6.77 sec", p99: "–" },
      places: null,
    });
  });

  it("is there in the order in which a person waits, known or not", () => {
    expect(prepareStages({}, "en").rows.map((one) => one.stage)).toEqual([...STAGES]);
  });
});
