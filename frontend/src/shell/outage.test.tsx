import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, type ProblemKind } from "@/api/problem.ts";
import { createQueryClient } from "@/api/query-client.ts";
import { OutageNotice } from "@/shell/outage.tsx";

type Ask = () => Promise<unknown>;

function Asked({ name, ask }: { name: string; ask: Ask }) {
  useQuery({ queryKey: [name], queryFn: ask });
  return null;
}

function show(asks: Record<string, Ask>) {
  const client = createQueryClient(() => {});
  render(
    <QueryClientProvider client={client}>
      {Object.entries(asks).map(([name, ask]) => (
        <Asked key={name} name={name} ask={ask} />
      ))}
      <OutageNotice />
    </QueryClientProvider>,
  );
  return client;
}

const good: Ask = async () => ({});
const bad = (kind: ProblemKind) => vi.fn<Ask>().mockRejectedValue(new Problem(kind));
const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const notice = () => screen.queryByRole("alert")?.textContent ?? null;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an outage", () => {
  it.each<[string, Record<string, Ask>, RegExp | null]>([
    ["nothing fails", { a: good, b: good }, null],
    ["all fail in silence", { a: bad("unreachable"), b: bad("slow") }, /does not answer/],
    ["the server fails at everything", { a: bad("broken"), b: bad("broken") }, /does not answer/],
    ["one of two is too slow", { a: good, b: bad("slow") }, null],
    ["one is refused", { a: bad("refused"), b: bad("unreachable") }, null],
    ["there were too many", { a: bad("limited") }, null],
    ["only who one is was answered", { me: good, b: bad("unreachable") }, /does not answer/],
    ["nothing was asked", {}, null],
  ])("where %s", async (_, asks, text) => {
    show(asks);
    await later(5000);
    if (text) expect(notice()).toMatch(text);
    else expect(notice()).toBeNull();
  });

  it("is one where the line breaks after some answers", async () => {
    const ask = vi
      .fn<Ask>()
      .mockResolvedValueOnce({})
      .mockRejectedValue(new Problem("unreachable"));
    const client = show({ a: good, b: ask });
    await later(1000);
    void client.refetchQueries({ queryKey: ["b"] });
    await later(5000);
    expect(notice()).toMatch(/does not answer/);
  });

  it("stays said while it is asked again, and ends with the first answer", async () => {
    const ask = bad("unreachable");
    show({ a: ask });
    await later(5000);
    ask.mockImplementation(() => new Promise(() => {}));
    await later(16_000);
    expect(notice()).toMatch(/does not answer/);
  });

  it("ends with the first answer", async () => {
    const ask = bad("unreachable");
    show({ a: ask });
    await later(5000);
    ask.mockResolvedValue({});
    await later(16_000);
    expect(notice()).toBeNull();
  });

  it("is the device's where that is offline", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    show({ a: bad("unreachable") });
    await later(5000);
    expect(notice()).toMatch(/offline/);
  });
});
