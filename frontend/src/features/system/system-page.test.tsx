import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { refusal } from "@/testing/page.tsx";
import { HEALTH, PROCESS, PROVIDER, SYSTEM } from "@/testing/system.ts";

const entry = (id: string, action: string, more: object = {}) => ({
  id,
  at: "2026-11-21T09:00:00Z",
  actor: "ada",
  action,
  subject: "bob",
  address: "203.0.113.7",
  trace_id: "0b7c1f",
  details: {},
  ...more,
});

let api: FakeApi;

beforeEach(() => {
  localStorage.setItem("parley.language", "en");
  api = new FakeApi();
  api.on("GET /api/v1/health", () => HEALTH);
  api.on("GET /api/v1/system", () => SYSTEM);
  api.on("GET /api/v1/auth/audit", () => ({ entries: [], next: null }));
});
afterEach(() => {
  localStorage.clear();
  vi.useRealTimers();
});

const panel = (name: string) => screen.findByRole("region", { name });
const attention = () => panel("What asks for attention");

it("shows how everything is when it is well", async () => {
  renderApp("/system");
  expect(await within(await attention()).findByText("Everything is well")).toBeVisible();
  expect(await panel("Statistics service")).toHaveTextContent(
    /Well.*0\.1\.0.*1 day 2 hr.*2 ms.*3 of 20.*in each process/,
  );
  expect(await panel("Queues")).toHaveTextContent(/Waiting0.*Being answered1.*Oldest waits for–/);
  const bots = await panel("Bots");
  expect(bots).toHaveTextContent(/@parley_bot.*Served by 1 process.*1\d sec\. ago.*none yet/);
  expect(within(bots).getByRole("row", { name: /bot-1 · 7 Alive [3-9] sec\. ago/ })).toBeVisible();
  expect(await panel("Models in the last hour")).toHaveTextContent(/gpt-5-mini1,3120–/);
  expect(await panel("Versions")).toHaveTextContent(/4d1f0c6a92befits this release.*18\.1.*3\.12/);
  expect(screen.getByText(/answered.*asked every 10 seconds/)).toBeVisible();
});

it("says of each trouble what to do, the worst first", async () => {
  api.on("GET /api/v1/health", () => ({ ...HEALTH, rate_limits: "memory_fallback" }));
  api.on("GET /api/v1/system", () => ({
    ...SYSTEM,
    processes: [{ ...PROCESS, is_alive: false }],
    outbox: { ...SYSTEM.outbox, unknown_24h: 4 },
    providers: [
      { ...PROVIDER, calls: 4, failed: 4, last_failure_at: SYSTEM.as_of, last_error: "no_credit" },
    ],
  }));
  renderApp("/system");
  const troubles = await within(await attention()).findAllByRole("listitem");
  expect(troubles.map((trouble) => trouble.textContent)).toEqual([
    expect.stringMatching(/No process serves @parley_bot.*Start it with make up/),
    expect.stringMatching(/gpt-5-mini fails: 100%.*No credit left.*top it up/),
    expect.stringMatching(/Redis does not answer.*REDIS_URL/),
    expect.stringMatching(/may not have arrived: 4/),
  ]);
  expect(screen.getByRole("link", { name: "See these dialogs" })).toHaveAttribute(
    "href",
    "/dialogs?having=delivery_unknown&period=day",
  );
});

it("teaches where there is no bot and no call yet", async () => {
  api.on("GET /api/v1/system", () => ({ ...SYSTEM, bots: [], processes: [], providers: [] }));
  renderApp("/system");
  expect(await within(await panel("Bots")).findByText("No bot yet")).toBeVisible();
  expect(await panel("Models in the last hour")).toHaveTextContent(/No model was asked.*make demo/);
});

describe("when the service falls silent", () => {
  const silence = () => {
    throw new TypeError("Failed to fetch");
  };

  it("the page says so, keeps the last answer, and goes on by itself", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    renderApp("/system");
    await within(await attention()).findByText("Everything is well");
    api.on("GET /api/v1/health", silence);
    api.on("GET /api/v1/system", silence);
    await act(() => vi.advanceTimersByTimeAsync(11_000));
    await waitFor(async () =>
      expect(await attention()).toHaveTextContent(/has not answered for 1\d.*make up/),
    );
    expect(await panel("Statistics service")).toHaveTextContent("No answer");
    expect(await panel("Bots")).toHaveTextContent("@parley_bot");
    api.on("GET /api/v1/health", () => HEALTH);
    api.on("GET /api/v1/system", () => SYSTEM);
    await act(() => vi.advanceTimersByTimeAsync(11_000));
    await within(await attention()).findByText("Everything is well");
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  it("and never answered at all, the page says that", async () => {
    api.on("GET /api/v1/health", silence);
    api.on("GET /api/v1/system", silence);
    renderApp("/system");
    await waitFor(async () =>
      expect(await attention()).toHaveTextContent("The statistics service does not answer."),
    );
  });
});

it("tells once that only the look at the system fails", async () => {
  api.on("GET /api/v1/system", () => refusal(500, "internal_error"));
  renderApp("/system");
  expect(await screen.findByText(/Something failed in the statistics service/)).toBeVisible();
  expect(await panel("Statistics service")).toHaveTextContent("Well");
  expect(screen.getAllByRole("button", { name: "Ask again" })).toHaveLength(1);
});

it("explains by the database what it is the cause of", async () => {
  const database = { ...HEALTH.database, is_reachable: false, latency_ms: null };
  api.on("GET /api/v1/health", () => ({ ...HEALTH, status: "degraded", database }));
  api.on("GET /api/v1/system", () => refusal(503, "database_unreachable"));
  renderApp("/system");
  await waitFor(async () => expect(await attention()).toHaveTextContent(/PostgreSQL runs/));
  expect(await panel("Statistics service")).toHaveTextContent(/Limited.*No answer/);
});

describe("the log", () => {
  it("is for admins alone, and nobody else asks for it", async () => {
    api.me = { name: "bob", role: "analyst", signed_in_by: "session" };
    renderApp("/system");
    await within(await attention()).findByText("Everything is well");
    expect(screen.queryByRole("region", { name: /^Log/ })).not.toBeInTheDocument();
    expect(api.questions("/api/v1/auth/audit")).toEqual([]);
  });

  it("tells in words who did what, and comes page by page", async () => {
    const first = [
      entry("9", "dialog_opened", { subject: "d-1", details: { reason: "a complaint" } }),
      entry("8", "sign_in_failed", { actor: null, details: { reason: "wrong_password" } }),
      entry("7", "registered", {
        actor: "(terminal)",
        address: null,
        trace_id: null,
        details: { role: "admin" },
      }),
    ];
    api.on("GET /api/v1/auth/audit", (url) =>
      url.searchParams.get("before") === "7"
        ? { entries: [entry("6", "new_tomorrow", { details: { rows: 3 } })], next: null }
        : { entries: first, next: "7" },
    );
    renderApp("/system");
    const log = within(await panel("Log of what was done"));
    const told = (await log.findAllByRole("listitem")).map((item) => item.textContent);
    expect(told).toEqual([
      expect.stringMatching(/Nov 21, 2026.*ada.*Read a dialog“a complaint”To the dialog.*0b7c1f/),
      expect.stringMatching(/not signed in.*Failed to sign in as bobwrong password203/),
      expect.stringMatching(/at the terminal.*Made the account bobas admin–/),
    ]);
    expect(log.getByRole("link", { name: "To the dialog" })).toHaveAttribute(
      "href",
      "/dialogs/d-1",
    );
    await userEvent.click(log.getByRole("button", { name: "Show older ones" }));
    expect(await log.findByText("new_tomorrow bob")).toBeVisible();
    expect(log.getByText("That is all of it.")).toBeVisible();
    expect(api.questions("/api/v1/auth/audit")).toHaveLength(2);
  });
});
