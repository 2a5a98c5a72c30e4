import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem.ts";
import { createQueryClient } from "@/api/query-client.ts";
import { Panel } from "@/ui/panel.tsx";

type Answer = { count: number };
type Ask = () => Promise<Answer>;

function Shown({ name, ask }: { name: string; ask: Ask }) {
  const query = useQuery({ queryKey: [name], queryFn: ask });
  return (
    <Panel
      title="Questions"
      note="in all"
      query={query}
      skeleton={<p>soon</p>}
      isEmpty={({ count }) => count === 0}
      empty={<p>none yet</p>}
    >
      {({ count }) => <Count count={count} />}
    </Panel>
  );
}

function Count({ count }: { count: number }) {
  if (count < 0) throw new Error("a mistake of ours");
  return <p>{count} questions</p>;
}

function show(ask: Ask) {
  const client = createQueryClient(() => {});
  const tree = (name: string, next: Ask) => (
    <QueryClientProvider client={client}>
      <Shown name={name} ask={next} />
    </QueryClientProvider>
  );
  const { rerender } = render(tree("a", ask));
  return { client, next: (other: Ask) => rerender(tree("b", other)) };
}

const later = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));
const never = () => new Promise<Answer>(() => {});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a panel", () => {
  it("keeps the room of what is to come, and then shows it", async () => {
    show(async () => ({ count: 7 }));
    expect(screen.getByText("soon").parentElement).toHaveAttribute("aria-busy", "true");
    await later();
    expect(screen.getByRole("region", { name: "Questions" })).toHaveTextContent("7 questions");
    expect(screen.queryByText("soon")).not.toBeInTheDocument();
  });

  it("teaches where there is nothing", async () => {
    show(async () => ({ count: 0 }));
    await later();
    expect(screen.getByText("none yet")).toBeVisible();
  });

  it("keeps the old numbers, dimmed, while new ones are fetched", async () => {
    const { next } = show(async () => ({ count: 7 }));
    await later();
    next(never);
    await later();
    expect(screen.getByText("7 questions").parentElement).toHaveAttribute("aria-busy", "true");
    expect(screen.queryByText("soon")).not.toBeInTheDocument();
  });

  it("shows an error beside the numbers that it has", async () => {
    const ask = vi.fn<Ask>().mockResolvedValueOnce({ count: 7 });
    ask.mockRejectedValue(new Problem("broken", { traceId: "9e58" }));
    const { client } = show(ask);
    await later();
    void client.invalidateQueries();
    await later(5000);
    expect(screen.getByRole("alert")).toHaveTextContent(/failed in the statistics service/);
    expect(screen.getByText("7 questions")).toBeVisible();
    ask.mockResolvedValue({ count: 8 });
    await later(15_000);
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    expect(screen.getByText("8 questions")).toBeVisible();
  });

  it("keeps the old numbers while the new ones fail and are asked for again", async () => {
    const { next } = show(async () => ({ count: 7 }));
    await later();
    next(vi.fn<Ask>().mockRejectedValue(new Problem("unreachable")));
    for (let second = 0; second < 40; second += 1) {
      await later(1000);
      expect(screen.getByText("7 questions").parentElement).toHaveAttribute("aria-busy", "true");
    }
    expect(screen.getByRole("alert")).toHaveTextContent(/does not answer/);
  });

  it("does not keep them where the new ones are refused", async () => {
    const { next } = show(async () => ({ count: 7 }));
    await later();
    next(() => Promise.reject(new Problem("refused", { detail: "No." })));
    await later();
    expect(screen.getByRole("alert")).toHaveTextContent("No.");
    expect(screen.queryByText("7 questions")).not.toBeInTheDocument();
  });

  it("shows an error instead where it has none, and says it while it asks again", async () => {
    const ask = vi.fn<Ask>().mockRejectedValue(new Problem("unreachable"));
    show(ask);
    await later(5000);
    expect(screen.getByRole("alert")).toHaveTextContent(/does not answer/);
    ask.mockImplementation(never);
    await later(15_000);
    expect(ask.mock.calls.length).toBe(4);
    expect(screen.getByRole("alert")).toHaveTextContent(/does not answer/);
    expect(screen.queryByText("soon")).not.toBeInTheDocument();
  });

  it("does not say of the next question what was wrong with the one before", async () => {
    const { next } = show(() => Promise.reject(new Problem("refused", { detail: "No." })));
    await later();
    expect(screen.getByRole("alert")).toHaveTextContent("No.");
    next(never);
    await later();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    expect(screen.getByText("soon")).toBeVisible();
  });

  it("asks again when somebody wants it", async () => {
    const ask = vi.fn<Ask>().mockRejectedValueOnce(new Problem("missing"));
    ask.mockResolvedValue({ count: 7 });
    show(ask);
    await later();
    act(() => screen.getByRole("button", { name: /Ask again/ }).click());
    await later();
    expect(screen.getByText("7 questions")).toBeVisible();
  });

  it("stands alone in its mistakes, and gets over them", async () => {
    const quiet = vi.spyOn(console, "error").mockImplementation(() => {});
    const ask = vi.fn<Ask>().mockResolvedValueOnce({ count: -1 });
    ask.mockResolvedValue({ count: 7 });
    const { client } = show(ask);
    await later();
    expect(screen.getByRole("alert")).toHaveTextContent(/broke off/);
    expect(screen.getByRole("heading", { name: "Questions" })).toBeVisible();
    vi.setSystemTime(Date.now() + 1000);
    void client.invalidateQueries();
    await later();
    expect(screen.getByText("7 questions")).toBeVisible();
    quiet.mockRestore();
  });
});
