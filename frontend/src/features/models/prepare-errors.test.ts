import { describe, expect, it } from "vitest";
import { prepareErrors } from "@/features/models/prepare-errors.ts";

const WORDS = { language: "en", none: "No class noted" } as const;
const slice = (key: string, failed: number | null, failed_calls: number) => ({
  key,
  values: { failed, failed_calls },
});
const SLICES = [
  slice("rate_limited", 0, 38),
  slice("too_slow", null, 33),
  slice("", 2, 22),
  slice("all_targets_failed", 29, 0),
];

describe("classes of errors", () => {
  it.each([
    [
      "failed",
      [
        ["all_targets_failed", "All models failed", 29, 29 / 31],
        ["", "No class noted", 2, 2 / 31],
      ],
    ],
    [
      "failed_calls",
      [
        ["rate_limited", "Too many requests", 38, 38 / 93],
        ["too_slow", "Silent for too long", 33, 33 / 93],
        ["", "No class noted", 22, 22 / 93],
      ],
    ],
  ] as const)("of %s are those that occurred, the most frequent first", (slug, wanted) => {
    const all = { failed: 31, failed_calls: 93 };
    const { rows, total } = prepareErrors({ slices: SLICES, keys: 4 }, slug, all, WORDS);
    expect(rows.map(({ id, title, value, share }) => [id, title, value, share])).toEqual(wanted);
    expect(total).toBe(wanted.length);
  });

  it("have no share of a total that is not known", () => {
    const { rows } = prepareErrors({ slices: SLICES, keys: 4 }, "failed", {}, WORDS);
    expect(rows.map(({ share }) => share)).toEqual([null, null]);
  });

  it("are some of many where the API left some out", () => {
    expect(prepareErrors({ slices: SLICES, keys: 120 }, "failed", {}, WORDS).total).toBe(120);
  });
});
