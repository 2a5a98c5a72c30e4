import { describe, expect, it } from "vitest";
import { prepareCalls } from "@/features/dialogs/prepare-calls.ts";
import { call } from "@/testing/dialogs.ts";

const at = (second: number) => `2026-11-20T08:53:0${second}Z`;

describe("calls", () => {
  it.each([
    ["none", [], []],
    [
      "by when they were made",
      [call({ target: "b", created_at: at(2) }), call({ target: "a", created_at: at(1) })],
      ["a", "b"],
    ],
    [
      "those made at once by when they ended",
      [call({ target: "b", duration_ms: 9893 }), call({ target: "a", duration_ms: 8000 })],
      ["a", "b"],
    ],
    [
      "one that has not ended last",
      [call({ target: "b", duration_ms: null }), call({ target: "a", duration_ms: 8000 })],
      ["a", "b"],
    ],
    ["otherwise as they came", [call({ target: "a" }), call({ target: "b" })], ["a", "b"]],
  ])("%s", (_, calls, targets) => {
    const prepared = prepareCalls(calls);
    expect(prepared.map(({ target }) => target)).toEqual(targets);
    expect(prepared.map(({ number }) => number)).toEqual(
      targets.map((_target, place) => place + 1),
    );
  });
});
