import { useQuery } from "@tanstack/react-query";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { overviewQuery } from "@/api/queries.ts";
import { useView } from "@/lib/use-view.ts";
import { FakeApi, renderApp } from "@/testing/app.tsx";
import { dialogRow, dialogsPage } from "@/testing/dialogs.ts";
import { FakeSource } from "@/testing/fake-source.ts";
import { refusal } from "@/testing/page.tsx";

vi.mock("@/features/overview/overview-page.tsx", () => ({ OverviewPage: Numbers }));

function Numbers() {
  const [view] = useView();
  const { data } = useQuery(overviewQuery(view));
  return <h1>{data ? "7 questions" : "soon"}</h1>;
}

let api: FakeApi;
const asked = () => api.questions("/api/v1/stats").length;
const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const live = () => screen.getByRole("button", { name: /^(Live|Paused|Reconnecting)$/ });
const tell = (type: string) => act(() => FakeSource.last.tell(type));

async function open() {
  const app = renderApp("/");
  await screen.findByText("7 questions");
  await userEvent.keyboard("l");
  return app;
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.all = [];
  api = new FakeApi();
  localStorage.clear();
  localStorage.setItem("parley.language", "en");
});
afterEach(() => void vi.useRealTimers());

describe("live mode", () => {
  it("asks for the page's numbers when there is news, every ten seconds at most", async () => {
    await open();
    expect(live()).toHaveAttribute("aria-pressed", "true");
    tell("open");
    const before = asked();
    tell("stats");
    await waitFor(() => expect(asked()).toBe(before + 1));
    for (let second = 0; second < 8; second += 1) {
      tell("stats");
      await later(1000);
    }
    expect(asked()).toBe(before + 1);
    await later(2500);
    expect(asked()).toBe(before + 2);
  });

  it("asks once in a minute without news", async () => {
    await open();
    const before = asked();
    await later(61_000);
    expect(asked()).toBe(before + 1);
  });

  it("says what it is doing, and ends by the same key", async () => {
    await open();
    tell("open");
    expect(live()).toHaveAttribute("title", expect.stringMatching(/follow what happens/));
    tell("error");
    expect(live()).toHaveTextContent("Reconnecting");
    await userEvent.keyboard("l");
    expect(live()).toHaveAttribute("aria-pressed", "false");
    expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED);
  });

  it("does not press those that have to wait", async () => {
    await open();
    api.on("GET /api/v1/stats", () => {
      const answer = refusal(429, "rate_limited");
      answer.headers.set("retry-after", "40");
      return answer;
    });
    tell("stats");
    await later(500);
    const before = asked();
    tell("stats");
    await later(15_000);
    expect(asked()).toBe(before);
  });

  it("leads to the door when the session has ended", async () => {
    const { href } = await open();
    api.me = null;
    FakeSource.last.readyState = FakeSource.CLOSED;
    tell("error");
    await waitFor(() => expect(href()).toBe("/sign-in?next=%2F"));
    expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED);
  });
});

describe("a list in live mode", () => {
  const PATH = "/api/v1/dialogs";
  const listed = () => api.questions(PATH).map(({ searchParams }) => searchParams.get("cursor"));
  const people = () =>
    screen.getAllByText(/^Quiet Otter/, { selector: "bdi" }).map((name) => name.textContent);
  let pages: number[][];

  async function openList() {
    api.on(`GET ${PATH}`, ({ searchParams }) => {
      const place = Number(searchParams.get("cursor"));
      const rows = (pages[place] ?? []).map((number) => dialogRow(number));
      const next = place + 1 < pages.length ? String(place + 1) : null;
      return dialogsPage(rows, { total: pages.flat().length, next });
    });
    renderApp("/dialogs");
    for (const { length } of pages.slice(1)) {
      await userEvent.click(await screen.findByRole("button", { name: `Show ${length} more` }));
    }
    await screen.findByText(/^3 of 3 dialogs/);
    await userEvent.keyboard("l");
    tell("open");
    return listed().length;
  }

  it("follows with all the pages that were loaded", async () => {
    pages = [[1, 2], [3]];
    const before = await openList();
    pages = [
      [4, 1],
      [2, 3],
    ];
    tell("stats");
    await screen.findByText(/^4 of 4 dialogs/);
    expect(listed().slice(before)).toEqual([null, "1"]);
    expect(people()).toEqual([4, 1, 2, 3].map((number) => `Quiet Otter 0${number}`));
  });

  it("waits while somebody points at its rows", async () => {
    pages = [[1, 2, 3]];
    const before = await openList();
    fireEvent.pointerMove(screen.getByText("Quiet Otter 02"));
    tell("stats");
    await later(4000);
    expect(listed()).toHaveLength(before);
    await later(2500);
    expect(listed()).toHaveLength(before + 1);
  });

  it("is asked for the more seldom, the more of it was loaded", async () => {
    pages = [[1], [2], [3]];
    const before = await openList();
    tell("stats");
    await later(2000);
    expect(listed()).toHaveLength(before + 3);
    tell("stats");
    await later(11_000);
    expect(listed()).toHaveLength(before + 3);
    await later(3500);
    expect(listed()).toHaveLength(before + 6);
  });

  it("gives its next page to whoever wants it while the others are asked for again", async () => {
    pages = [[1, 2, 3]];
    await openList();
    pages = [[1, 2, 3], [4]];
    tell("stats");
    const more = await screen.findByRole("button", { name: "Show 1 more" });
    const never = new Promise<object>(() => {});
    const last = dialogsPage([dialogRow(4)], { total: 4 });
    api.on(`GET ${PATH}`, ({ searchParams }) => (searchParams.has("cursor") ? last : never));
    tell("stats");
    await later(12_000);
    await userEvent.click(more);
    await screen.findByText(/^4 of 4 dialogs/);
  });
});
