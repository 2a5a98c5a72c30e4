import { QueryClientProvider, useMutation, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem.ts";
import { meQuery } from "@/api/queries.ts";
import { createQueryClient } from "@/api/query-client.ts";

type Ask = () => Promise<string>;

function Shown({ name, ask }: { name: string; ask: Ask }) {
  const { data, error, isPlaceholderData } = useQuery({ queryKey: ["stats", name], queryFn: ask });
  const kind = error instanceof Problem ? error.kind : "";
  return <p>{[data ?? "nothing", isPlaceholderData && "old", kind].filter(Boolean).join(" ")}</p>;
}

function show(ask: Ask, onSignedOut = () => {}) {
  const client = createQueryClient(onSignedOut);
  const tree = (name: string, next: Ask) => (
    <QueryClientProvider client={client}>
      <Shown name={name} ask={next} />
    </QueryClientProvider>
  );
  const { rerender } = render(tree("a", ask));
  return { client, next: (other: Ask) => rerender(tree("b", other)) };
}

const later = (ms = 0) => act(() => vi.advanceTimersByTimeAsync(ms));
const shown = () => screen.getByText(/./).textContent;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("questions", () => {
  it("keep the old answer until the new one has come", async () => {
    const { next } = show(async () => "one");
    await later();
    let bring = (_: string) => {};
    next(
      () =>
        new Promise((resolve) => {
          bring = resolve;
        }),
    );
    await later();
    expect(shown()).toBe("one old");
    bring("two");
    await later();
    expect(shown()).toBe("two");
  });

  it.each(["unreachable", "slow", "incomplete", "broken"] as const)(
    "that are %s are asked again until that has passed",
    async (kind) => {
      const ask = vi.fn<Ask>().mockRejectedValue(new Problem(kind));
      show(ask);
      await later(5000);
      expect([shown(), ask.mock.calls.length]).toEqual([`nothing ${kind}`, 3]);
      ask.mockResolvedValue("one");
      await later(15_000);
      expect(shown()).toBe("one");
      const { length } = ask.mock.calls;
      await later(60_000);
      expect(ask.mock.calls.length).toBe(length);
    },
  );

  it.each(["refused", "forbidden", "missing"] as const)(
    "that are %s are not asked again",
    async (kind) => {
      const ask = vi.fn<Ask>().mockRejectedValue(new Problem(kind));
      show(ask);
      await later(120_000);
      expect([shown(), ask.mock.calls.length]).toEqual([`nothing ${kind}`, 1]);
    },
  );

  it("that were too many wait as long as they are told", async () => {
    const ask = vi.fn<Ask>().mockRejectedValueOnce(new Problem("limited", { retryAfter: 34 }));
    ask.mockResolvedValue("one");
    show(ask);
    await later(33_000);
    expect([shown(), ask.mock.calls.length]).toEqual(["nothing limited", 1]);
    await later(1500);
    expect([shown(), ask.mock.calls.length]).toEqual(["one", 2]);
  });

  it("keep their answer beside a later failure", async () => {
    const ask = vi.fn<Ask>().mockResolvedValueOnce("one").mockRejectedValue(new Problem("refused"));
    const { client } = show(ask);
    await later();
    await act(() => client.invalidateQueries());
    await later();
    expect(shown()).toBe("one refused");
  });
});

describe("a session that has ended", () => {
  it("is told, by questions and by changes", async () => {
    const told = vi.fn();
    const { client } = show(() => Promise.reject(new Problem("signed_out")), told);
    await later();
    expect(told).toHaveBeenCalledOnce();
    function Change() {
      const change = useMutation({ mutationFn: () => Promise.reject(new Problem("signed_out")) });
      return <button type="button" onClick={() => change.mutate()} />;
    }
    render(<Change />, {
      wrapper: ({ children }) => (
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      ),
    });
    act(() => screen.getByRole("button").click());
    await later();
    expect(told).toHaveBeenCalledTimes(2);
  });

  it("is nobody, and no failure", async () => {
    vi.stubGlobal("fetch", async () => Response.json({}, { status: 401 }));
    const told = vi.fn();
    expect(await createQueryClient(told).fetchQuery(meQuery)).toBeNull();
    vi.stubGlobal("fetch", async () => Response.json({}, { status: 403 }));
    await expect(createQueryClient(told).fetchQuery(meQuery)).rejects.toMatchObject({
      kind: "forbidden",
    });
    expect(told).not.toHaveBeenCalled();
  });
});
