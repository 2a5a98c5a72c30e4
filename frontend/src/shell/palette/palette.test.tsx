import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { moved } from "@/shell/palette/palette.tsx";
import { FakeApi, renderApp } from "@/testing/app.tsx";

vi.mock("@/features/overview/overview-page.tsx", () => ({ OverviewPage: () => <h1>Numbers</h1> }));
vi.mock("@/features/models/models-page.tsx", () => ({ ModelsPage: () => <h1>All models</h1> }));
vi.mock("@/features/users/users-page.tsx", () => ({ UsersPage: () => <h1>All users</h1> }));
vi.mock("@/features/users/user-page.tsx", () => ({ UserPage: () => <h1>One user</h1> }));

const USER = "fd4a99c1-87ff-47e7-910d-56f239bbb66e";

beforeEach(() => {
  new FakeApi();
  localStorage.clear();
  localStorage.setItem("parley.language", "en");
});

async function open(address = "/") {
  const app = renderApp(address);
  await screen.findByRole("heading", { level: 1 });
  await userEvent.keyboard("{Control>}k{/Control}");
  return { ...app, box: screen.getByRole("combobox") };
}

const options = () => screen.queryAllByRole("option").map((option) => option.textContent);
const chosen = () => screen.getByRole("option", { selected: true });

describe("the palette", () => {
  it("opens by a key, with the focus where one types", async () => {
    const { box } = await open();
    expect(box).toHaveFocus();
    expect(screen.getByRole("dialog", { name: "Commands" })).toBeInTheDocument();
    expect(chosen()).toHaveTextContent("Overview");
    expect(box).toHaveAttribute("aria-activedescendant", chosen().id);
    expect(box).toHaveAttribute("aria-controls", screen.getByRole("listbox").id);
  });

  it("opens by its button, too", async () => {
    renderApp("/");
    await userEvent.click(await screen.findByRole("button", { name: /Search/ }));
    expect(screen.getByRole("combobox")).toHaveFocus();
  });

  it("goes to a page by a few letters and Enter", async () => {
    const { href } = await open("/?period=day");
    await userEvent.keyboard("mdls{Enter}");
    expect(await screen.findByRole("heading", { name: "All models" })).toBeVisible();
    expect(href()).toBe("/models?period=day");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("finds a command by its name in the other language", async () => {
    const { href } = await open();
    await userEvent.keyboard("последние 30");
    expect(options()[0]).toMatch(/^The last 30 days/);
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(href()).toBe("/?period=month"));
  });

  it("is walked through by arrows, round about", async () => {
    await open();
    await userEvent.keyboard("{ArrowDown}");
    expect(chosen()).toHaveTextContent("Users");
    await userEvent.keyboard("{ArrowUp}{ArrowUp}");
    expect(chosen()).toHaveTextContent("Russian");
    await userEvent.keyboard("theme");
    expect(chosen()).toBe(screen.getAllByRole("option")[0]);
  });

  it("opens somebody by id, or looks for words", async () => {
    const { href } = await open();
    await userEvent.keyboard(`${USER}`);
    expect(options()).toEqual([
      `Open person ${USER}`,
      `Open dialog ${USER}`,
      `Show only person ${USER}`,
    ]);
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(href()).toBe(`/users/${USER}`));
    await userEvent.keyboard("{Control>}k{/Control}quiet otter");
    await userEvent.click(screen.getByRole("option", { name: /among users/ }));
    await waitFor(() => expect(href()).toBe("/users?search=quiet+otter"));
  });

  it("shows hostile words as words", async () => {
    await open();
    await userEvent.type(screen.getByRole("combobox"), '<img src=x onerror="alert(1)">');
    expect(screen.getByRole("listbox").querySelector("img")).toBeNull();
    expect(options()[0]).toContain("<img");
  });

  it("changes form, and keeps it", async () => {
    await open();
    await userEvent.keyboard("dark theme{Enter}");
    expect(document.documentElement.dataset.theme).toBe("dark");
    await userEvent.keyboard("{Control>}k{/Control}russian{Enter}");
    expect(await screen.findByRole("link", { name: "Обзор" })).toBeVisible();
  });

  it.each([
    ["ArrowDown", 0, 3, 1],
    ["ArrowDown", 2, 3, 0],
    ["ArrowUp", 0, 3, 2],
    ["PageDown", 0, 30, 8],
    ["PageDown", 28, 30, 29],
    ["PageUp", 5, 30, 0],
    ["x", 5, 30, null],
    ["ArrowDown", 0, 0, null],
  ])("by %s goes from %s of %s to %s", (key, from, count, to) => {
    expect(moved(key, from, count)).toBe(to);
  });
});

describe("keys", () => {
  it("are on a sheet, with a switch", async () => {
    renderApp("/");
    await screen.findByRole("heading", { name: "Numbers" });
    await userEvent.keyboard("?");
    const sheet = within(screen.getByRole("dialog", { name: "Keyboard shortcuts" }));
    expect(sheet.getByText("The last 24 hours")).toBeVisible();
    await userEvent.click(sheet.getByRole("checkbox", { name: /Single keys act/ }));
    expect(localStorage.getItem("parley.keys")).toBe("off");
    await userEvent.click(sheet.getByRole("button", { name: "Close" }));
    await userEvent.keyboard("?");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("go to pages after a G", async () => {
    const { href } = renderApp("/?period=day");
    await screen.findByRole("heading", { name: "Numbers" });
    await userEvent.keyboard("gm");
    expect(await screen.findByRole("heading", { name: "All models" })).toBeVisible();
    expect(href()).toBe("/models?period=day");
    expect(document.activeElement).toBe(document.getElementById("page"));
  });
});
