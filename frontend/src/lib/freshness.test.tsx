import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createQueryClient } from "@/api/query-client.ts";
import { useAge, useNewestWindow } from "@/lib/freshness.ts";
import type { View } from "@/lib/view.ts";

const windowAt = (asOf: string, more: object = {}) => ({
  start: "2026-11-15T00:00:00Z",
  end: "2026-11-22T00:00:00Z",
  previous_start: null,
  previous_end: null,
  timezone: "UTC",
  bucket: "day",
  as_of: asOf,
  ...more,
});

function Asked({ queryKey, answer }: { queryKey: unknown[]; answer: () => unknown }) {
  useQuery({ queryKey, queryFn: answer });
  return null;
}

function Shown({ view }: { view: View }) {
  const window = useNewestWindow(view);
  const age = useAge(window);
  return <p>{window ? `${window.as_of} ${window.timezone} ${Math.round(age)}` : "nothing"}</p>;
}

function show(view: View, questions: [unknown[], () => unknown][]) {
  const client = createQueryClient(() => {});
  const tree = (shown: View, asked: typeof questions) => (
    <QueryClientProvider client={client}>
      {asked.map(([queryKey, answer]) => (
        <Asked key={JSON.stringify(queryKey)} queryKey={queryKey} answer={answer} />
      ))}
      <Shown view={shown} />
    </QueryClientProvider>
  );
  const { rerender } = render(tree(view, questions));
  return (next: View, asked: typeof questions) => rerender(tree(next, asked));
}

const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("freshness", () => {
  it("is that of the newest answer on the page", async () => {
    show({}, [
      [["stats", "a"], () => ({ window: windowAt("2026-11-21T09:00:00Z") })],
      [["users"], () => ({ pages: [{ window: windowAt("2026-11-21T09:05:00Z") }] })],
      [["me"], () => ({ name: "ada" })],
      [["bots"], () => null],
    ]);
    expect(screen.getByText("nothing")).toBeVisible();
    await later(0);
    expect(screen.getByText(/09:05:00Z UTC 0/)).toBeVisible();
  });

  it("is that of this view, if there is one", async () => {
    const view = { period: "day", tz: "Asia/Tokyo" } as const;
    show(view, [
      [
        ["stats", "a", { tz: "Asia/Tokyo", period: "day" }],
        () => ({ window: windowAt("2026-11-21T09:00:00Z", { timezone: "Asia/Tokyo" }) }),
      ],
      [["stats", "b", {}], () => ({ window: windowAt("2026-11-21T09:05:00Z") })],
    ]);
    await later(0);
    expect(screen.getByText(/Asia\/Tokyo/)).toBeVisible();
  });

  it("counts by the time that passes, whatever the clock says", async () => {
    vi.setSystemTime("2019-01-01");
    show({}, [[["stats"], () => ({ window: windowAt("2026-11-21T09:00:00Z") })]]);
    await later(0);
    vi.setSystemTime("2031-01-01");
    await later(12_000);
    expect(screen.getByText(/UTC 12/)).toBeVisible();
  });

  it("stays while the next view is asked for", async () => {
    const again = show({}, [[["stats", {}], () => ({ window: windowAt("2026-11-21T09:00:00Z") })]]);
    await later(0);
    again({ period: "day" }, [[["stats", { period: "day" }], () => new Promise(() => {})]]);
    await later(3000);
    expect(screen.getByText(/09:00:00Z UTC 3/)).toBeVisible();
  });
});
