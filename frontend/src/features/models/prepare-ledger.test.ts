import { expect, it } from "vitest";
import { isAnyFallback, prepareLedger } from "@/features/models/prepare-ledger.ts";

const slice = (key: string, saved_answers: number, fallback_time: number) => ({
  key,
  values: { saved_answers, fallback_time, fallback_cost: 0, fallback_rate: null },
});

it("has the models that a fallback led to, whoever saved most first", () => {
  const slices = [slice("large", 0, 8000), slice("none", 0, 0), slice("small", 64, 512_000)];
  expect(prepareLedger({ slices }).map(({ key }) => key)).toEqual(["small", "large"]);
});

it.each([
  [{ saved_answers: 0, fallback_cost: 0, fallback_time: 0, fallback_rate: null }, false],
  [{}, false],
  [{ saved_answers: 0, fallback_time: 12 }, true],
  [{ fallback_rate: 0.01 }, true],
])("of %j knows whether there was a fallback", (values, isAny) => {
  expect(isAnyFallback(values)).toBe(isAny);
});
