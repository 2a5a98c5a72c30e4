import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { DialogsPage } from "@/features/dialogs/dialogs-page.tsx";
import { shownName } from "@/lib/shown-name.ts";
import { dialogId, dialogRow, dialogsPage, OTTER } from "@/testing/dialogs.ts";
import { NAUGHTY } from "@/testing/naughty.ts";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";

const PATH = "/api/v1/dialogs";

function open(address: string, answers: Answers) {
  const asked = stubApi(answers);
  const page = renderPages(address, {
    "/dialogs": DialogsPage,
    "/dialogs/$dialogId": () => <p>One dialog</p>,
    "/users/$userId": () => <p>One person</p>,
  });
  return { asked, ...page };
}

const rowOf = async (name: RegExp) => (await screen.findByRole("link", { name })).closest("tr");

afterEach(() => vi.unstubAllGlobals());

it("lists dialogs with what is known without their texts", async () => {
  const rows = [
    dialogRow(4, { likes: 2, dislikes: 1, chat_kind: "supergroup" }),
    dialogRow(5, { outcome: "failed_told", model: null, last_at: "2026-11-19T08:00:00Z" }),
  ];
  open("/dialogs?period=week", { [PATH]: dialogsPage(rows, { total: 2 }) });
  expect(await screen.findByRole("heading", { level: 1, name: "Dialogs" })).toBeVisible();
  const first = await rowOf(/Nov 20, 2026/);
  for (const text of ["Quiet Otter 04", "Supergroup", "3 / 2", "Answered", "1,306", "$0.013"]) {
    expect(first).toHaveTextContent(text);
  }
  expect(first).toHaveTextContent("2likes");
  const second = await rowOf(/Nov 19, 2026/);
  expect(second).toHaveTextContent("Failed");
  expect(second).toHaveTextContent("No feedback");
  expect(screen.getByText(/2 of 2 dialogs active in Nov 15 – 21, 2026 \(UTC\)/)).toBeVisible();
});

it("leads to the dialog, its person and its model, and keeps the view", async () => {
  open("/dialogs?period=month&search=otter", { [PATH]: dialogsPage([dialogRow(4)]) });
  const link = await screen.findByRole("link", { name: /Nov 20, 2026/ });
  expect(link).toHaveAttribute("href", `/dialogs/${dialogId(4)}?period=month`);
  expect(screen.getByRole("link", { name: "Quiet Otter 04" })).toHaveAttribute(
    "href",
    `/users/${OTTER}?period=month`,
  );
  expect(screen.getByRole("link", { name: "openai/gpt-5-mini" })).toHaveAttribute(
    "href",
    "/dialogs?period=month&search=otter&model=openai%2Fgpt-5-mini",
  );
});

it("asks what the address says, and gives the same as a file", async () => {
  const { asked } = open(
    "/dialogs?period=month&bot=42&model=a%2Fb&language=de&search=otter&outcome=declined&having=liked",
    { [PATH]: dialogsPage([dialogRow(4)]) },
  );
  const file = new URL(
    (await screen.findByRole("link", { name: /CSV/ })).getAttribute("href") ?? "",
    location.origin,
  );
  const words = {
    period: "month",
    compare: "none",
    bot: "42",
    model: "a/b",
    language: "de",
    search: "otter",
    outcome: "declined",
    having: "liked",
  };
  expect(file.pathname).toBe("/api/v1/export/dialogs.csv");
  expect(Object.fromEntries(file.searchParams)).toEqual(words);
  await waitFor(() =>
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({ ...words, limit: "50" }),
  );
  expect(screen.queryByRole("note")).toBeNull();
});

it("narrows by outcome, by what happened and by name", async () => {
  const { asked, address } = open("/dialogs", { [PATH]: dialogsPage([dialogRow(4)]) });
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByLabelText("Outcome"), "Declined");
  await user.selectOptions(screen.getByLabelText("What happened"), "Saved by a fallback");
  await user.type(screen.getByRole("searchbox"), "quiet otter{Enter}");
  await waitFor(() =>
    expect(address()).toBe("/dialogs?outcome=declined&having=fallback&search=quiet+otter"),
  );
  await waitFor(() => expect(asked.at(-1)?.searchParams.get("search")).toBe("quiet otter"));
  await user.selectOptions(screen.getByLabelText("Outcome"), "Any outcome");
  await waitFor(() => expect(address()).toBe("/dialogs?having=fallback&search=quiet+otter"));
});

it("shows an outcome of the address that it does not know", async () => {
  open("/dialogs?outcome=teleported", { [PATH]: dialogsPage([]) });
  expect(await screen.findByLabelText("Outcome")).toHaveDisplayValue("teleported");
});

it("goes on page by page", async () => {
  const { asked } = open("/dialogs", {
    [PATH]: (words: URLSearchParams) =>
      words.get("cursor") === "abc"
        ? dialogsPage([dialogRow(3)], { total: 3 })
        : dialogsPage([dialogRow(1), dialogRow(2)], { total: 3, next: "abc" }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Show 1 more" }));
  expect(await screen.findByText(/^3 of 3 dialogs/)).toBeVisible();
  expect(screen.queryByRole("button", { name: /more/ })).toBeNull();
  expect(asked).toHaveLength(2);
});

it("says so where there are more than were counted", async () => {
  const page = dialogsPage([dialogRow(1)], { total: 10_000, is_total_exact: false, next: "abc" });
  open("/dialogs", { [PATH]: page });
  expect(await screen.findByText(/^1 of more than 10,000 dialogs active in/)).toBeVisible();
});

it.each([
  ["/dialogs", "No dialog was active in this window", ["Show a month"]],
  ["/dialogs?period=month", "No dialog was active in this window", []],
  [
    "/dialogs?having=liked&bot=7",
    "No dialog of this window fits",
    ["Leave out all filters", "Show a month"],
  ],
])("says at %s: %s", async (address, title, ways) => {
  open(address, { [PATH]: dialogsPage([]) });
  const hint = (await screen.findByText(title)).parentElement as HTMLElement;
  expect(hint).toHaveTextContent(/longer period/);
  expect(
    within(hint)
      .queryAllByRole("link")
      .map((link) => link.textContent),
  ).toEqual(ways);
});

it("explains what can be sought, and leaves out all filters", async () => {
  const { address } = open("/dialogs?search=zz&bot=7&tz=Asia%2FTokyo", {
    [PATH]: (words: URLSearchParams) =>
      words.has("search") ? refusal(422, "wrong_search") : dialogsPage([dialogRow(1)]),
  });
  expect(await screen.findByText("This is no pseudonym and no id")).toBeVisible();
  expect(screen.queryByRole("link", { name: /CSV/ })).toBeNull();
  await userEvent.click(screen.getByRole("link", { name: "Leave out all filters" }));
  await screen.findByRole("link", { name: "Quiet Otter 01" });
  expect(address()).toBe("/dialogs?tz=Asia%2FTokyo");
});

it("says so when it is refused", async () => {
  open(`/dialogs?user=${OTTER}`, { [PATH]: () => refusal(404, "user_not_found") });
  expect(await screen.findByRole("alert")).toHaveTextContent(/exist/);
});

it("is gone through with J, K and the arrows", async () => {
  const rows = [1, 2, 3].map((number) => dialogRow(number));
  open("/dialogs", { [PATH]: dialogsPage(rows) });
  const links = await screen.findAllByRole("link", { name: /Nov 20, 2026/ });
  const user = userEvent.setup();
  const steps: [string, number][] = [
    ["j", 0],
    ["j", 1],
    ["{ArrowDown}", 2],
    ["{ArrowDown}", 2],
    ["k", 1],
    ["{ArrowUp}", 0],
    ["k", 0],
  ];
  for (const [key, at] of steps) {
    await user.keyboard(key);
    expect(links[at]).toHaveFocus();
  }
  await user.keyboard("{Enter}");
  expect(await screen.findByText("One dialog")).toBeVisible();
});

it("interprets no name", async () => {
  const rows = NAUGHTY.map((word, number) =>
    dialogRow(number, { pseudonym: word, model: word, chat_kind: word, outcome: word }),
  );
  open("/dialogs", { [PATH]: dialogsPage(rows) });
  await screen.findByText(new RegExp(`${NAUGHTY.length} of ${NAUGHTY.length} dialogs`));
  for (const word of NAUGHTY) expect(document.body.textContent).toContain(shownName(word));
  expect(document.querySelector("td :is(script, img, iframe, b, i, style)")).toBeNull();
  expect(globalThis).not.toHaveProperty("broken");
});
