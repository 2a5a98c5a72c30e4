import { describe, expect, it } from "vitest";
import {
  costSourceOf,
  lengthOf,
  modelsOf,
  prepareTurns,
} from "@/features/dialogs/prepare-turns.ts";
import { dialogRow, openedDialog, turn } from "@/testing/dialogs.ts";

describe("turns", () => {
  it("are numbered through all pages, each once", () => {
    const dialog = dialogRow(1, { questions: 5 });
    const { turns, total, comes } = prepareTurns(
      [
        openedDialog([turn(1), turn(2)], { dialog, next: "more" }),
        openedDialog([turn(2), turn(3)], { dialog, next: "more" }),
      ],
      "UTC",
    );
    expect(turns.map(({ number, turn: { question } }) => [number, question.at(-2)])).toEqual([
      [1, "1"],
      [2, "2"],
      [3, "3"],
    ]);
    expect([total, comes]).toEqual([5, 2]);
  });

  it.each([
    ["nothing", [], [0, 0]],
    ["an empty dialog", [openedDialog([])], [0, 0]],
    ["the last page", [openedDialog([turn(1)])], [1, 0]],
    [
      "a page more than was counted",
      [openedDialog([turn(1)], { next: "more", dialog: dialogRow(1, { questions: 1 }) })],
      [1, 1],
    ],
  ])("count %s", (_, pages, [total, comes]) => {
    expect(prepareTurns(pages, "UTC")).toMatchObject({ total, comes });
  });

  it.each([
    ["UTC", [true, false, true]],
    ["Asia/Tokyo", [true, true, false]],
  ])("open days in %s", (zone, opens) => {
    const times = ["2026-11-20T14:30:00Z", "2026-11-20T15:30:00Z", "2026-11-21T00:30:00Z"];
    const turns = times.map((created_at, place) => turn(place, { created_at }));
    expect(prepareTurns([openedDialog(turns)], zone).turns.map(({ opensDay }) => opensDay)).toEqual(
      opens,
    );
  });

  it.each([
    ["text", {}, "text", "answered"],
    ["a part", { outcome: "cancelled", answer: "Because" }, "text", "cancelled"],
    [
      "erased",
      { erased_at: "2026-11-21T00:00:00Z", answer: null, question: "" },
      "erased",
      "answered",
    ],
    ["erased though some is left", { erased_at: "2026-11-21T00:00:00Z" }, "erased", "answered"],
    ["an erased state", { state: "erased", answer: null }, "erased", "answered"],
    ["under way", { state: "generating", outcome: null, answer: null }, "under_way", null],
    ["without text", { outcome: "failed_told", answer: "" }, "nothing", "failed_told"],
    ["for nobody", { state: "undeliverable" }, "text", "undeliverable"],
  ])("are %s", (_, changes, answer, outcome) => {
    expect(prepareTurns([openedDialog([turn(1, changes)])], "UTC").turns[0]).toMatchObject({
      answer,
      outcome,
    });
  });

  it.each([
    ["a", "a", ["a"]],
    ["a", "b", ["a", "b"]],
    ["a", null, ["a"]],
    [null, "b", ["b"]],
    [null, null, []],
    ["", "b", ["b"]],
  ])("asked %s, served %s", (model_asked, model_served, models) => {
    expect(modelsOf(turn(1, { model_asked, model_served }))).toEqual(models);
  });

  it("have a price only where a model was called", () => {
    expect(costSourceOf(turn(1))).toBe("usage");
    expect(costSourceOf(turn(1, { cost_source: "none" }))).toBe("none");
    expect(costSourceOf(turn(1, { cost_source: "none", calls: [] }))).toBeNull();
  });

  it("are as long as Telegram counts", () => {
    expect(lengthOf("a👍")).toBe(3);
  });
});
