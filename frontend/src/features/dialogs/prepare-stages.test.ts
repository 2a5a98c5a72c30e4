import { describe, expect, it } from "vitest";
import { prepareStages } from "@/features/dialogs/prepare-stages.ts";

type Ms = number | null;

const prepare = (queue: Ms, first: Ms, generation: Ms, delivery: Ms) =>
  prepareStages({
    queue_ms: queue,
    first_token_ms: first,
    generation_ms: generation,
    delivery_ms: delivery,
  });

describe("stages", () => {
  it.each<[string, [Ms, Ms, Ms, Ms], [Ms, Ms, Ms, Ms], Ms, boolean]>([
    ["all known", [10, 300, 900, 90], [10, 300, 600, 90], 1000, true],
    ["nothing known", [null, null, null, null], [null, null, null, null], null, false],
    ["not delivered yet", [10, 300, 900, null], [10, 300, 600, null], 910, false],
    ["queue unknown", [null, 300, 900, 90], [null, 300, 600, 90], 990, false],
    ["no token ever came", [10, null, 8000, 90], [10, 8000, null, 90], 8100, true],
    ["no model was asked", [10, null, 0, 90], [10, null, 0, 90], 100, false],
    ["still being written", [10, 300, null, null], [10, 300, null, null], 310, false],
    ["all at once", [0, 0, 0, 0], [0, 0, 0, 0], 0, true],
    ["a clock that went back", [-5, 300, 200, 90], [0, 300, 0, 90], 390, true],
  ])("%s", (_, [queue, first, generation, delivery], times, total, isWhole) => {
    const prepared = prepare(queue, first, generation, delivery);
    expect(prepared.stages.map(({ ms }) => ms)).toEqual(times);
    expect(prepared.totalMs).toBe(total);
    expect(prepared.isWhole).toBe(isWhole);
  });

  it.each<[string, [Ms, Ms, Ms, Ms], number[], number[]]>([
    ["follow each other", [100, 300, 900, 0], [0, 0.1, 0.4, 1], [0.1, 0.3, 0.6, 0]],
    ["leave out what is missing", [null, 400, 1000, null], [0, 0, 0.4, 1], [0, 0.4, 0.6, 0]],
    ["have no width in no time", [0, 0, 0, null], [0, 0, 0, 0], [0, 0, 0, 0]],
  ])("%s", (_, [queue, first, generation, delivery], starts, widths) => {
    const { stages } = prepare(queue, first, generation, delivery);
    for (const [place, stage] of stages.entries()) {
      expect(stage.start).toBeCloseTo(starts[place] ?? Number.NaN);
      expect(stage.width).toBeCloseTo(widths[place] ?? Number.NaN);
    }
  });

  it("remain to be seen beside one that is very long, and fill no more than the whole", () => {
    const { stages } = prepare(86_400_000, 5, 12, 1);
    expect(Math.min(...stages.map(({ width }) => width))).toBeGreaterThan(0.01);
    const last = stages.at(-1);
    expect((last?.start ?? 0) + (last?.width ?? 0)).toBeCloseTo(1);
  });

  it("tell a wait that was in vain", () => {
    expect(prepare(10, null, 8000, 90).stages.map(({ isVain }) => isVain)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});
