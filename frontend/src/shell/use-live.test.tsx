import { useQuery } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { overviewQuery } from "@/api/queries.ts";
import { useView } from "@/lib/use-view.ts";
import { FakeApi, renderApp } from "@/testing/app.tsx";
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
