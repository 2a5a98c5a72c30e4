import { describe, expect, it } from "vitest";
import { cleanReason, wrongIn } from "@/features/dialogs/prepare-reason.ts";

describe("a reason", () => {
  it.each([
    ["complaint", "complaint"],
    ["  complaint \t of\n\n20 November ", "complaint of 20 November"],
    ["a\u0000b\u001bc\u007fd", "a b c d"],
    ["\u00a0\u3000", ""],
    ["жалоба 👩‍👩‍👧‍👦", "жалоба 👩‍👩‍👧‍👦"],
  ])("is put on one line: %j", (typed, reason) => {
    expect(cleanReason(typed)).toBe(reason);
  });

  it.each([
    ["", "short"],
    ["ab", "short"],
    ["abc", null],
    ["a c", "short"],
    ["\u200b\u200b\u200b\u200b", "short"],
    ["\u202e\u2066ab", "short"],
    ["👍👍", "short"],
    ["👍👍👍", null],
    ["a".repeat(200), null],
    ["a".repeat(201), "long"],
    ["👍".repeat(200), null],
    ["👍".repeat(201), "long"],
  ])("says something, and not too much: %j", (reason, wrong) => {
    expect(wrongIn(reason)).toBe(wrong);
  });
});
