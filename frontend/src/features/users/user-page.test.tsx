import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { UserPage } from "@/features/users/user-page.tsx";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

const ID = "fd4a99c1-87ff-47e7-910d-56f239bbb66e";
const PERSON = {
  id: ID,
  pseudonym: "Velvet Lark bb",
  bot_id: 42,
  language: "ru",
  first_seen: "2026-08-23T07:00:00Z",
  last_seen: "2026-10-21T08:00:00Z",
  questions: 484,
  answers: 472,
  tokens: 108_299,
  cost: 658_026,
};
const WINDOW = windowOf(NOT_COMPARED);
const values = (questions: number) => ({
  questions,
  answers: questions,
  tokens: questions * 100,
  cost: questions * 1000,
  cost_per_answer: questions ? 1000 : null,
  error_rate: questions ? 0 : null,
  feedback_score: null,
  full_answer_p50: questions ? 3297.4 : null,
});
const overview = (questions: number) => ({
  window: WINDOW,
  summary: { current: values(questions), previous: null },
  activity: [
    {
      start: "2026-11-20T00:00:00Z",
      end: "2026-11-21T00:00:00Z",
      is_partial: false,
      values: values(questions),
    },
    {
      start: "2026-11-21T00:00:00Z",
      end: "2026-11-22T00:00:00Z",
      is_partial: true,
      values: values(0),
    },
  ],
  recent_dialogs: [],
  top_users: { as_of: WINDOW.as_of, users: [] },
});
const dialog = (id: string, more: object = {}) => ({
  id,
  bot_id: 42,
  user_id: ID,
  pseudonym: "Velvet Lark bb",
  chat_kind: "private",
  created_at: "2026-08-23T07:29:31.633393Z",
  closed_at: null,
  last_at: "2026-10-21T08:49:36.636669Z",
  questions: 484,
  answers: 472,
  tokens: 108_299,
  cost: 658_026,
  likes: 26,
  dislikes: 9,
  outcome: "answered",
  model: "parley/demo-large",
  ...more,
});
const PATHS = {
  person: `/api/v1/users/${ID}`,
  overview: "/api/v1/stats",
  models: "/api/v1/stats/breakdown",
  dialogs: "/api/v1/dialogs",
  system: "/api/v1/system",
};
const GOOD: Answers = {
  [PATHS.person]: PERSON,
  [PATHS.overview]: overview(41),
  [PATHS.models]: {
    window: WINDOW,
    by: "model",
    keys: 3,
    slices: [
      { key: "parley/demo-large", values: { ...values(40), answers: 40 } },
      { key: "", values: { ...values(0) } },
    ],
  },
  [PATHS.system]: { bots: [{ id: 42, username: "parley_bot" }] },
  [PATHS.dialogs]: { window: WINDOW, dialogs: [dialog("d1")], total: 1, next: null },
};

function open(address = `/users/${ID}`, answers: Answers = {}) {
  const asked = stubApi({ ...GOOD, ...answers });
  const { address: now } = renderPages(address, {
    "/users": () => <p>all people</p>,
    "/users/$userId": UserPage,
    "/dialogs/$dialogId": () => <p>one dialog</p>,
  });
  const words = (path: string) => asked.find(({ pathname }) => pathname === path)?.searchParams;
  return { asked, words, now };
}

describe("one person", () => {
  it("is told by pseudonym, language, bot and times", async () => {
    open();
    expect(await screen.findByRole("heading", { level: 1, name: "Velvet Lark bb" })).toBeVisible();
    expect(screen.getByText("Russian")).toBeVisible();
    expect(await screen.findByText("@parley_bot")).toBeVisible();
    expect(screen.getByText("Aug 23, 2026, 07:00")).toBeVisible();
    expect(screen.getByText("Oct 21, 2026, 08:00")).toBeVisible();
    expect(screen.getByText("In all time").nextElementSibling).toHaveTextContent(
      "484 questions472 answers108,299 tokens$0.66 cost",
    );
  });

  it("has an id that can be copied", async () => {
    const user = userEvent.setup();
    open();
    await user.click(await screen.findByRole("button", { name: "Copy the id" }));
    expect(await screen.findByText("Copied")).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe(ID);
  });

  it("is asked about alone, by model if that is wanted", async () => {
    const { asked, words } = open(
      `/users/${ID}?model=a%2Fb&language=de&bot=7&user=c4a760a8-dbcf-4e14-9f31-6a4e2c1f9a10&period=month`,
    );
    await screen.findByRole("link", { name: /Oct 21/ });
    for (const path of [PATHS.overview, PATHS.models, PATHS.dialogs]) {
      expect(words(path)?.get("user")).toBe(ID);
      expect(words(path)?.get("model")).toBe("a/b");
      expect(words(path)?.has("language")).toBe(false);
      expect(words(path)?.has("bot")).toBe(false);
    }
    expect(words(PATHS.overview)?.get("period")).toBe("month");
    expect(words(PATHS.dialogs)?.get("period")).toBe("month");
    expect(screen.getByText("Not narrowed here by bot and language.")).toBeVisible();
    expect(asked).toHaveLength(6);
  });

  it("has models, and answers of none", async () => {
    const { now } = open();
    const table = await screen.findByRole("table", { name: "Models" });
    expect(within(table).getByRole("row", { name: /parley\/demo-large/ })).toHaveTextContent("40");
    expect(within(table).getByRole("row", { name: /No model/ })).toHaveTextContent("–");
    expect(screen.getByText("The largest 2 of 3")).toBeVisible();
    await userEvent.click(within(table).getByRole("link", { name: "parley/demo-large" }));
    await waitFor(() => expect(now()).toBe(`/users/${ID}?model=parley%2Fdemo-large`));
    expect(screen.queryByRole("link", { name: "parley/demo-large" })).not.toBeInTheDocument();
  });

  it("has dialogs that can be opened", async () => {
    const { now } = open(`/users/${ID}?tz=Asia%2FTokyo`);
    expect(await screen.findByText("1 of 1 dialog")).toBeVisible();
    await userEvent.click(screen.getByRole("link", { name: /Oct 21/ }));
    expect(await screen.findByText("one dialog")).toBeVisible();
    expect(now()).toBe("/dialogs/d1?tz=Asia%2FTokyo");
  });

  it("leads back to all people, with the window", async () => {
    const { now } = open(`/users/${ID}?period=day`);
    await userEvent.click(await screen.findByRole("link", { name: "All people" }));
    expect(await screen.findByText("all people")).toBeVisible();
    expect(now()).toBe("/users?period=day");
  });

  it("may be called by anything", async () => {
    const name = `\u202E${"👩‍👩‍👧‍👦".repeat(200)}`;
    open(undefined, { [PATHS.person]: { ...PERSON, pseudonym: name, language: name } });
    const heading = await screen.findByRole("heading", { level: 1 });
    expect(heading).toHaveClass("break-words");
    expect(heading.querySelector("bdi")).toHaveTextContent(name);
  });
});

describe("somebody who was not active", () => {
  it("is offered the time in which they were", async () => {
    const { now } = open(undefined, { [PATHS.overview]: overview(0) });
    expect(await screen.findByText("Not active in this window")).toBeVisible();
    expect(screen.getByText("Seen from Aug 23, 2026 to Oct 21, 2026")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Show all of that time" }));
    await waitFor(() => expect(now()).toBe(`/users/${ID}?from=2026-08-23&to=2026-10-22`));
  });

  it("may never have been", async () => {
    open(undefined, {
      [PATHS.person]: { ...PERSON, last_seen: null, language: null },
      [PATHS.overview]: overview(0),
    });
    expect(await screen.findByText(/has not asked anything that came to an end/)).toBeVisible();
    expect(screen.getByText("never")).toBeVisible();
    expect(screen.getByText("not told")).toBeVisible();
    expect(screen.queryByRole("heading", { name: "Dialogs" })).toBeNull();
  });

  it("may have been with another model", async () => {
    open(`/users/${ID}?model=x`, { [PATHS.overview]: overview(0) });
    expect(await screen.findByText(/Without the filter by model/)).toBeVisible();
    expect(screen.queryByRole("heading", { name: "Dialogs" })).toBeNull();
  });
});

describe("nobody", () => {
  it.each([
    [404, "user_not_found"],
    [422, "invalid_request"],
  ])("by a %i leads to the list", async (status, code) => {
    const { now } = open(undefined, { [PATHS.person]: refusal(status, code) });
    expect(await screen.findByRole("heading", { name: "There is no such person" })).toBeVisible();
    await userEvent.click(screen.getByRole("link", { name: "To the list of people" }));
    await waitFor(() => expect(now()).toBe("/users"));
  });

  it("can be told where the API refuses", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    open(undefined, { [PATHS.person]: refusal(403, "forbidden", "Not yours.") });
    expect(await screen.findByRole("alert")).toHaveTextContent("Not yours.");
    expect(screen.getByRole("link", { name: "All people" })).toBeVisible();
  });
});

it("speaks Russian", async () => {
  localStorage.setItem("parley.language", "ru");
  open();
  expect(await screen.findByText("1 из 1 диалога")).toBeVisible();
  expect(screen.getByText("русский")).toBeVisible();
  localStorage.clear();
});
