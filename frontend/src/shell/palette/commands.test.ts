import { describe, expect, it, vi } from "vitest";
import type { View } from "@/lib/view.ts";
import { commandsFor, commandsOf, type Means } from "@/shell/palette/commands.ts";

const USER = "fd4a99c1-87ff-47e7-910d-56f239bbb66e";

function given(language: "en" | "ru" = "en") {
  let view: View = { bot: "42" };
  const means = {
    language,
    change: (to: (view: View) => View) => {
      view = to(view);
    },
    navigate: vi.fn(),
    open: vi.fn(),
    saved: [{ name: "Costs", address: "/models?period=day" }],
    speak: vi.fn(),
    chooseTheme: vi.fn(),
    showOverlay: vi.fn(),
    shareLink: vi.fn(),
    signOut: vi.fn(),
  };
  return { means: means as unknown as Means, acts: means, view: () => view };
}

describe("commands", () => {
  it("have names of their own in each language", () => {
    for (const language of ["en", "ru"] as const) {
      const commands = commandsOf(given(language).means);
      expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
      expect(new Set(commands.map(({ title }) => title)).size).toBe(commands.length);
      expect(commands.every(({ title }) => title.length > 0)).toBe(true);
    }
  });

  it.each([
    ["period-day", { bot: "42", period: "day" }],
    ["compare-none", { bot: "42", compare: "none" }],
    ["clear", {}],
  ])("%s makes the view %o", (id, expected) => {
    const { means, view } = given();
    commandsOf(means)
      .find((command) => command.id === id)
      ?.run();
    expect(view()).toEqual(expected);
  });

  it.each([
    ["theme-dark", "chooseTheme", "dark"],
    ["language-ru", "speak", "ru"],
    ["saved-Costs", "open", "/models?period=day"],
    ["keys", "showOverlay", "shortcuts"],
  ] as const)("%s calls %s", (id, act, argument) => {
    const { means, acts } = given();
    commandsOf(means)
      .find((command) => command.id === id)
      ?.run();
    expect(acts[act]).toHaveBeenCalledWith(argument);
  });

  it("go to each page with the view", () => {
    const { means, acts } = given();
    commandsOf(means)
      .find(({ id }) => id === "page-models")
      ?.run();
    const [{ to, search }] = acts.navigate.mock.calls[0] ?? [{}];
    expect([to, search({ period: "day", order: "cost" })]).toEqual(["/models", { period: "day" }]);
  });
});

describe("typed text", () => {
  it("may be an id", () => {
    const { means, acts, view } = given();
    const commands = commandsFor(` ${USER.toUpperCase()} `, means);
    expect(commands.map(({ id }) => id)).toEqual(["open-user", "open-dialog", "only-user"]);
    for (const command of commands) command.run();
    expect(acts.navigate.mock.calls.map(([{ to, params }]) => [to, params])).toEqual([
      ["/users/$userId", { userId: USER }],
      ["/dialogs/$dialogId", { dialogId: USER }],
    ]);
    expect(view()).toEqual({ bot: "42", user: USER });
  });

  it("may be words to look for", () => {
    const { means, acts } = given();
    const [users, dialogs] = commandsFor("quiet otter", means);
    users?.run();
    dialogs?.run();
    const found = acts.navigate.mock.calls.map(([{ to, search }]) => [
      to,
      search({ period: "day" }),
    ]);
    expect(found).toEqual([
      ["/users", { period: "day", search: "quiet otter" }],
      ["/dialogs", { period: "day", search: "quiet otter" }],
    ]);
  });

  it("may be nothing", () => {
    expect(commandsFor("  ", given().means)).toEqual([]);
  });
});
