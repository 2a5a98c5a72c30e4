import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { OverviewPage } from "@/features/overview/overview-page.tsx";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";
import { spansOf } from "@/testing/spans.ts";
import { windowOf } from "@/testing/window.ts";

const WINDOW = windowOf();
const SPANS = spansOf(7, WINDOW.start).map((span, place) => ({ ...span, is_partial: place === 6 }));
const CURRENT = {
  questions: 356,
  answers: 348,
  active_users: 97,
  new_users: 2,
  dialogs: 84,
  cost: 551_784,
  estimated_cost_share: 0.25,
  error_rate: 0.014,
  declined_rate: 0.008,
  full_answer_p95: 9711,
  full_answer_p50: 3431,
  feedback_score: null,
  stopped_rate: 0.03,
  fallback_rate: 0.048,
  saved_answers: 17,
  answer_length: 752.2,
};
const person = (place: number) => ({
  id: `0000000${place}-0000-4000-8000-000000000000`,
  pseudonym: place === 0 ? `Loud ${"🦊".repeat(200)}` : `Quiet Otter ${place}f`,
  bot_id: 42,
  language: "en",
  first_seen: WINDOW.start,
  questions: 41 - place,
  answers: 40 - place,
  tokens: 10,
  cost: 5,
});
const DIALOG = {
  id: "01a1fd6b-2f34-766b-bc6c-62057b0379d6",
  bot_id: 42,
  user_id: person(1).id,
  pseudonym: "Velvet Lark bb",
  chat_kind: "private",
  created_at: "2026-08-23T07:29:31Z",
  closed_at: null,
  last_at: "2026-11-21T07:30:00Z",
  questions: 484,
  answers: 472,
  tokens: 108_299,
  cost: 658_026,
  likes: 26,
  dislikes: 9,
  outcome: "failed_told",
  model: "parley/demo-large",
};
const series = (values: (place: number) => object) => ({
  window: WINDOW,
  total: { current: {}, previous: null },
  buckets: SPANS.map((span, place) => ({ ...span, values: values(place) })),
});

const ANSWERS: Answers = {
  "/api/v1/stats": {
    window: WINDOW,
    summary: { current: CURRENT, previous: { ...CURRENT, questions: 386 } },
    activity: SPANS.map((span, place) => ({
      ...span,
      values: { questions: 50 + place, answers: 49, active_users: 20, cost: 100, tokens: 9 },
    })),
    recent_dialogs: [DIALOG],
    top_users: { as_of: WINDOW.as_of, users: Array.from({ length: 10 }, (_, at) => person(at)) },
  },
  "/api/v1/stats/series": (asked: URLSearchParams) =>
    asked.has("from")
      ? series((place) => ({ questions: 40 + place, error_rate: 0.01 }))
      : series(() => ({ error_rate: 0.02, full_answer_p95: 8000 })),
  "/api/v1/stats/breakdown": (asked: URLSearchParams) => ({
    window: WINDOW,
    by: asked.get("by"),
    keys: asked.get("by") === "model" ? 7 : 1,
    slices:
      asked.get("by") === "model"
        ? [{ key: "parley/demo-large", values: { answers: 331, cost: 549_708 } }]
        : [{ key: "2-11", values: { questions: 8 } }],
  }),
  "/api/v1/stats/marks": {
    window: WINDOW,
    marks: [{ at: "2026-11-18T08:00:00Z", kind: "release", label: "0.1.0", bot_id: 42 }],
  },
};

async function show(address = "/", more: Answers = {}) {
  const asked = stubApi({ ...ANSWERS, ...more });
  const page = renderPages(address, {
    "/": OverviewPage,
    "/dialogs": () => <p>Rows</p>,
    "/users/$userId": () => <p>Person</p>,
  });
  await screen.findByText("Overview", { selector: "h1" });
  return { ...page, asked };
}
/** By words and not by roles: to work out all roles of this page takes jsdom a while. */
const panel = async (name: string) => {
  const [heading] = await screen.findAllByText(name, { selector: "h2, h2 *" });
  return within(heading?.closest("section") as HTMLElement);
};
const tile = async (name: string) => {
  const [heading] = await screen.findAllByText(name, { selector: "h3, h3 *" });
  return heading?.closest("article") as HTMLElement;
};
const empty = {
  ...(ANSWERS["/api/v1/stats"] as object),
  summary: { current: { questions: 0 }, previous: { questions: 0 } },
  recent_dialogs: [],
  top_users: { as_of: WINDOW.as_of, users: [] },
};

describe("the overview", () => {
  it("says of which time it speaks", async () => {
    await show();
    expect(
      await screen.findByText(/^Nov 15.*21, 2026, UTC\. The window is not over yet/),
    ).toBeVisible();
  });

  it("asks six questions", async () => {
    const { asked } = await show();
    await screen.findByText("parley/demo-large", { selector: "td bdi" });
    await screen.findByText("08:00 Release: 0.1.0");
    await screen.findAllByText("40");
    expect(asked.map(({ pathname }) => pathname.replace("/api/v1/", "")).sort()).toEqual([
      "stats",
      "stats/breakdown",
      "stats/breakdown",
      "stats/marks",
      "stats/series",
      "stats/series",
    ]);
    const before = asked.find(({ searchParams }) => searchParams.has("from"))?.searchParams;
    expect([before?.get("from"), before?.get("to"), before?.get("bucket")]).toEqual([
      WINDOW.previous_start,
      WINDOW.previous_end,
      "day",
    ]);
  });

  it("shows the API's numbers, what they were, and what is estimated", async () => {
    await show();
    expect(await tile("Questions")).toHaveTextContent("356-7.8%, worsebefore: 38684 new dialogs");
    expect(await tile("Cost")).toHaveTextContent("$0.55unchangedbefore: $0.5525% estimated");
    expect(await tile("Feedback score")).toHaveTextContent("–nothing to compare with3% stopped");
  });

  it("draws questions with the time before, and leads to the dialogs of a bar", async () => {
    const page = await show("/?language=ru");
    const chart = await panel("Questions");
    const rows = within(chart.getByRole("table")).getAllByRole("row");
    await screen.findAllByText("40");
    expect(rows[1]).toHaveTextContent("Sun, Nov 155040");
    expect(rows[7]).toHaveTextContent("Not over yet");
    chart.getByRole("link", { name: /Sat, Nov 21: Questions 56/ }).focus();
    await userEvent.keyboard("{ArrowLeft}{Enter}");
    await screen.findByText("Rows");
    const { searchParams } = new URL(page.address(), "http://parley");
    expect(Object.fromEntries(searchParams)).toEqual({
      language: "ru",
      from: "2026-11-20T00:00:00Z",
      to: "2026-11-21T00:00:00Z",
    });
  });

  it("draws the metric whose tile is pressed, and keeps it in the address", async () => {
    const page = await show("/?period=week");
    await userEvent.click(within(await tile("Error rate")).getByRole("link"));
    const chart = await panel("Error rate");
    expect(page.address()).toContain("metric=error_rate");
    expect(await chart.findAllByText("2%")).not.toHaveLength(0);
    await userEvent.selectOptions(chart.getByRole("combobox"), "Questions");
    await panel("Questions");
    expect(page.address()).not.toContain("metric");
  });

  it("says how many there are in all", async () => {
    await show();
    expect((await panel("Most active people")).getByText("10 of 97 are shown")).toBeVisible();
    const models = await panel("Models");
    expect(await models.findAllByText("1 of 7 are shown")).toHaveLength(2);
  });

  it("leads from people, models and dialogs to their pages with the view", async () => {
    await show("/?tz=UTC");
    const people = await panel("Most active people");
    expect(people.getByRole("link", { name: /Quiet Otter 1f/ })).toHaveAttribute(
      "href",
      `/users/${person(1).id}?tz=UTC`,
    );
    const [model] = await (await panel("Models")).findAllByRole("link", { name: /demo-large/ });
    expect(model).toHaveAttribute("href", "/dialogs?tz=UTC&model=parley%2Fdemo-large");
    const dialogs = await panel("Recent dialogs");
    expect(dialogs.getByRole("link", { name: "Velvet Lark bb" })).toHaveAttribute(
      "href",
      `/dialogs/${DIALOG.id}?tz=UTC`,
    );
    expect(dialogs.getByRole("row", { name: /Velvet Lark/ })).toHaveTextContent("2 hr. agoFailed");
    expect(dialogs.getByText("2 hr. ago")).toHaveAttribute("title", "Nov 21, 2026, 07:30");
  });

  it("says which numbers a filter leaves out, and that people are not narrowed by it", async () => {
    const { active_users: _, ...narrowed } = CURRENT;
    await show("/?model=a", {
      "/api/v1/stats": {
        ...(ANSWERS["/api/v1/stats"] as object),
        summary: { current: narrowed, previous: null },
      },
    });
    expect(await tile("Active users")).toHaveTextContent("–not known for this filter");
    expect(screen.getByText(/People are listed whatever the model/)).toBeVisible();
  });

  it("teaches what to do where there is nothing", async () => {
    await show("/", {
      "/api/v1/stats": empty,
      "/api/v1/stats/breakdown": { window: WINDOW, by: "model", keys: 0, slices: [] },
    });
    expect(await screen.findByText("make demo", { selector: "code" })).toBeVisible();
    expect(await screen.findAllByText("Nothing was asked in this window")).toHaveLength(3);
    expect(screen.getByText("Nobody talked to the bot in this window")).toBeVisible();
  });

  it("says what happened where there is no answer", async () => {
    await show("/", { "/api/v1/stats": refusal(403, "forbidden") });
    expect((await screen.findAllByRole("alert")).length).toBeGreaterThan(0);
    expect(await (await panel("Models")).findByText("331")).toBeVisible();
  });
});
