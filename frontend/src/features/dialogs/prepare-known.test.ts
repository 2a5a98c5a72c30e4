import { describe, expect, it } from "vitest";
import { knownOf } from "@/features/dialogs/prepare-known.ts";
import { dialogId, dialogRow, dialogsPage, WINDOW } from "@/testing/dialogs.ts";

const row = dialogRow(2);

describe("what is known of a dialog", () => {
  it.each([
    ["pages of a list", { pages: [dialogsPage([dialogRow(1)]), dialogsPage([row])] }],
    ["an overview", { window: WINDOW, recent_dialogs: [dialogRow(1), row] }],
  ])("comes from %s", (_, answer) => {
    expect(knownOf(dialogId(2), [undefined, answer])).toEqual({ dialog: row, zone: "UTC" });
  });

  it.each([
    ["nothing", []],
    ["answers of another kind", [null, 7, "text", {}, { window: WINDOW }, { pages: [null] }]],
    ["other dialogs", [{ pages: [dialogsPage([dialogRow(1)])] }]],
  ])("is nothing in %s", (_, answers) => {
    expect(knownOf(dialogId(2), answers)).toBeNull();
  });
});
