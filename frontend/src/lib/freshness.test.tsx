import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem.ts";
import { createQueryClient } from "@/api/query-client.ts";
import { useAge, useNewestWindow } from "@/lib/freshness.ts";
import type { View } from "@/lib/view.ts";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

const windowAt = (asOf: string, more: object = {}) =>
  windowOf({ ...NOT_COMPARED, as_of: asOf, ...more });

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
      [["stats", "a", {}], () => ({ window: windowAt("2026-11-21T09:00:00Z") })],
      [
        ["list", "people", { period: "week", order: "cost" }],
        () => ({ pages: [{ window: windowAt("2026-11-21T09:05:00Z") }] }),
      ],
      [["me"], () => ({ name: "ada" })],
      [["bots"], () => null],
    ]);
    expect(screen.getByText("nothing")).toBeVisible();
    await later(0);
    expect(screen.getByText(/09:05:00Z UTC 0/)).toBeVisible();
  });

  it("is that of one with a comparison before others", async () => {
    const compared = { previous_start: "2026-11-08T00:00:00Z" };
    show({}, [
      [["list", "people", {}], () => ({ window: windowAt("2026-11-21T09:05:00Z") })],
      [["stats", {}], () => ({ window: windowAt("2026-11-21T09:00:00Z", compared) })],
    ]);
    await later(0);
    expect(screen.getByText(/09:00:00Z/)).toBeVisible();
  });

  it("is about the shown time, and about no other that a chart compares with", async () => {
    const view = { period: "day", tz: "Asia/Tokyo", model: "a" } as const;
    show(view, [
      [
        ["stats", "a", { tz: "Asia/Tokyo", period: "day" }, ["cost"]],
        () => ({ window: windowAt("2026-11-21T09:00:00Z", { timezone: "Asia/Tokyo" }) }),
      ],
      [["stats", "b", {}], () => ({ window: windowAt("2026-11-21T09:05:00Z") })],
      [
        ["stats", "c", { from: "2026-11-19", to: "2026-11-20", tz: "Asia/Tokyo" }],
        () => ({ window: windowAt("2026-11-21T09:06:00Z") }),
      ],
    ]);
    await later(0);
    expect(screen.getByText(/09:00:00Z Asia\/Tokyo/)).toBeVisible();
  });

  it("counts by the time that passes, whatever the clock says", async () => {
    vi.setSystemTime("2019-01-01");
    show({}, [[["stats", {}], () => ({ window: windowAt("2026-11-21T09:00:00Z") })]]);
    await later(0);
    vi.setSystemTime("2031-01-01");
    await later(12_000);
    expect(screen.getByText(/UTC 12/)).toBeVisible();
  });

  it("stays while the next view is asked for, and goes where that fails", async () => {
    const again = show({}, [[["stats", {}], () => ({ window: windowAt("2026-11-21T09:00:00Z") })]]);
    await later(0);
    const fail = () =>
      new Promise((_, reject) => {
        setTimeout(() => reject(new Problem("refused")), 5000);
      });
    again({ period: "day" }, [[["stats", { period: "day" }], fail]]);
    await later(3000);
    expect(screen.getByText(/09:00:00Z UTC 3/)).toBeVisible();
    await later(3000);
    expect(screen.getByText("nothing")).toBeVisible();
  });
});
