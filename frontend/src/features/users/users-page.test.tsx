import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { UsersPage } from "@/features/users/users-page.tsx";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";
import { RETENTION } from "@/testing/stats.tsx";
import { windowOf } from "@/testing/window.ts";

const VALUES = {
  active_users: 97,
  new_users: 12,
  returning_users: 84,
  resurrected_users: 1,
  stickiness: 0.3358,
  retention: null,
};
const SERIES = {
  window: windowOf(),
  total: { current: VALUES, previous: { ...VALUES, active_users: 80 } },
  buckets: [
    { start: "2026-11-20T00:00:00Z", end: "2026-11-21T00:00:00Z", is_partial: false },
    { start: "2026-11-21T00:00:00Z", end: "2026-11-22T00:00:00Z", is_partial: true },
  ].map((bucket) => ({ ...bucket, values: VALUES })),
};
const person = (id: string, pseudonym: string, more: object = {}) => ({
  id,
  pseudonym,
  bot_id: 42,
  language: "de",
  first_seen: "2026-08-23T07:00:00Z",
  questions: 4100,
  answers: 4000,
  tokens: 10_466,
  cost: 55_507,
  ...more,
});
const EMOJI = "👩‍👩‍👧‍👦".repeat(200);
const RTL = "\u202Eevil\u202C أحمد";
const page = (users: object[], total: number, next: string | null = null) => ({
  window: windowOf(),
  users,
  total,
  next,
});
const USERS = "/api/v1/users";
const GOOD: Answers = {
  "/api/v1/stats/series": SERIES,
  "/api/v1/stats/retention": RETENTION,
  [USERS]: page([person("a", "Quiet Otter 4f"), person("b", "Wild Fox 00")], 2),
};

function open(address = "/users", answers: Answers = {}) {
  const asked = stubApi({ ...GOOD, ...answers });
  const { address: now } = renderPages(address, {
    "/users": UsersPage,
    "/users/$userId": () => <p>one person</p>,
  });
  const to = (path: string) => asked.filter(({ pathname }) => pathname === path);
  return { to, now };
}

describe("the people", () => {
  it("stand in a table with their numbers of the window, linked to their pages", async () => {
    const { now } = open("/users?period=month");
    const row = await screen.findByRole("row", { name: /Quiet Otter 4f/ });
    expect(row).toHaveTextContent(/German.*Aug 23, 2026.*4,100.*4,000.*10,466.*\$0\.056/);
    expect(screen.getByText("2 of 2 people")).toBeVisible();
    await userEvent.click(within(row).getByRole("link"));
    expect(await screen.findByText("one person")).toBeVisible();
    expect(now()).toBe("/users/a?period=month");
  });

  it("are put in another order by a column's button", async () => {
    const { to, now } = open();
    expect(await screen.findByRole("columnheader", { name: "Questions" })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
    await userEvent.click(screen.getByRole("button", { name: "Cost" }));
    await waitFor(() => expect(now()).toBe("/users?order=cost"));
    expect(screen.getByRole("columnheader", { name: "Cost" })).toHaveAttribute("aria-sort");
    expect(screen.getByRole("columnheader", { name: "Questions" })).not.toHaveAttribute(
      "aria-sort",
    );
    expect(screen.getByRole("button", { name: "Cost" })).toHaveFocus();
    expect(to(USERS).at(-1)?.searchParams.get("order")).toBe("cost");
    await userEvent.click(screen.getByRole("button", { name: "Questions" }));
    await waitFor(() => expect(now()).toBe("/users"));
  });

  it("come page by page, and the button keeps the focus", async () => {
    open("/users", {
      [USERS]: (words: URLSearchParams) =>
        words.has("cursor")
          ? page([person("b", "Wild Fox 00"), person("c", "Teal Wren 01")], 4, "y")
          : page([person("a", "Quiet Otter 4f"), person("b", "Wild Fox 00")], 4, "x"),
    });
    expect(await screen.findByText("2 of 4 people")).toBeVisible();
    const button = screen.getByRole("button", { name: "Show 2 more" });
    await userEvent.click(button);
    expect(await screen.findByText("3 of 4 people")).toBeVisible();
    expect(screen.getByRole("button", { name: "Show 1 more" })).toHaveFocus();
    expect(screen.getAllByRole("link", { name: "Wild Fox 00" })).toHaveLength(1);
  });

  it("are found by pseudonym", async () => {
    const { to, now } = open();
    await userEvent.type(await screen.findByRole("searchbox"), "quiet otter{Enter}");
    await waitFor(() => expect(now()).toBe("/users?search=quiet+otter"));
    expect(to(USERS).at(-1)?.searchParams.get("search")).toBe("quiet otter");
    expect(screen.getByRole("link", { name: /^People.*CSV/ })).toHaveAttribute(
      "href",
      expect.stringMatching(/^\/api\/v1\/export\/users\.csv\?.*search=quiet(\+|%20)otter/),
    );
  });

  it("are not found by words that are no pseudonym, which is no failure", async () => {
    open("/users?search=%F0%9F%98%80", {
      [USERS]: (words: URLSearchParams) =>
        words.has("search") ? refusal(422, "wrong_search") : GOOD[USERS],
    });
    expect(await screen.findByText("No pseudonym has these words")).toBeVisible();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Show everybody" }));
    expect(await screen.findByRole("link", { name: "Quiet Otter 4f" })).toBeVisible();
    expect(screen.getByRole("searchbox")).toHaveValue("");
  });

  it.each([
    ["/users", "Nobody asked anything in this window"],
    ["/users?search=otter", "Nobody by this name was active in this window"],
  ])("at %s: %s", async (address, sentence) => {
    open(address, { [USERS]: page([], 0) });
    expect(await screen.findByText(sentence)).toBeVisible();
  });

  it("may be called by anything", async () => {
    open("/users", {
      [USERS]: page([person("a", EMOJI, { language: EMOJI }), person("b", RTL)], 2),
    });
    const long = await screen.findByRole("link", { name: EMOJI });
    expect(long).toHaveClass("truncate");
    for (const name of [EMOJI, RTL]) {
      const link = screen.getByRole("link", { name });
      expect(within(link).getByText(name).tagName).toBe("BDI");
    }
  });

  it("are not narrowed by what does not fit them, and the page says so", async () => {
    const { to } = open(
      "/users?model=a%2Fb&language=de&bot=42&user=c4a760a8-dbcf-4e14-9f31-6a4e2c1f9a10",
    );
    expect(await screen.findByText("Not narrowed here by model and language.")).toBeVisible();
    await screen.findByRole("link", { name: "Quiet Otter 4f" });
    for (const path of [USERS, "/api/v1/stats/series", "/api/v1/stats/retention"]) {
      const words = to(path)[0]?.searchParams;
      expect([words?.get("model"), words?.get("language"), words?.get("bot")]).toEqual([
        null,
        null,
        "42",
      ]);
    }
    expect(to("/api/v1/stats/retention")[0]?.searchParams.has("user")).toBe(false);
    expect(screen.getByText("Not narrowed here by person.")).toBeVisible();
  });

  it("are asked for with few questions", async () => {
    const { to } = open();
    await screen.findByRole("link", { name: "Quiet Otter 4f" });
    await screen.findByRole("row", { name: /Nov 19/ });
    expect(
      [USERS, "/api/v1/stats/series", "/api/v1/stats/retention"].map((path) => to(path).length),
    ).toEqual([1, 1, 1]);
  });
});

it("shows the people where cohorts fail", async () => {
  open("/users", { "/api/v1/stats/retention": refusal(403, "forbidden") });
  expect(await screen.findByRole("alert")).toHaveTextContent("Your account may not do this");
  expect(await screen.findByRole("link", { name: "Quiet Otter 4f" })).toBeVisible();
});

it("speaks Russian", async () => {
  localStorage.setItem("parley.language", "ru");
  open("/users?language=de&user=c4a760a8-dbcf-4e14-9f31-6a4e2c1f9a10");
  expect(await screen.findByRole("row", { name: /Quiet Otter 4f.*немецкий/ })).toBeVisible();
  expect(screen.getByText("2 из 2")).toBeVisible();
  expect(await screen.findByText(/2 из 8 чел\./)).toBeInTheDocument();
  expect(screen.getByText("Здесь нет отбора по языку.")).toBeVisible();
  localStorage.clear();
});
