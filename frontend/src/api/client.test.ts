import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answer, api } from "@/api/client.ts";
import type { Problem } from "@/api/problem.ts";

const ask = (signal?: AbortSignal) => answer(api.GET("/api/v1/auth/me", signal ? { signal } : {}));

const answers = (make: (request: Request) => Response | Promise<Response>) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => make(request)),
  );

const json = (body: string, status = 200, headers = {}) =>
  new Response(body, { status, headers: { "content-type": "application/json", ...headers } });

async function problem(): Promise<Partial<Problem>> {
  try {
    await ask();
  } catch (error) {
    return error as Problem;
  }
  throw new Error("That went well, and should not have.");
}

describe("an answer", () => {
  it("is its body", async () => {
    answers(() => json('{"name":"ada","role":"admin"}'));
    expect(await ask()).toEqual({ name: "ada", role: "admin" });
  });

  it("is asked for as a script, so that no browser opens a window for the password", async () => {
    let asked: Request | undefined;
    answers((request) => {
      asked = request;
      return json("{}");
    });
    await ask();
    expect(asked?.headers.get("x-requested-with")).toBe("fetch");
    expect(new URL(asked?.url ?? "").origin).toBe(location.origin);
  });

  it("asks with a list by repeating its word", async () => {
    let asked = "";
    answers((request) => {
      asked = new URL(request.url).search;
      return json("{}");
    });
    await answer(
      api.GET("/api/v1/stats/series", { params: { query: { metric: ["cost", "tokens"] } } }),
    );
    expect(asked).toBe("?metric=cost&metric=tokens");
  });

  it("may have no body", async () => {
    answers(() => new Response(null, { status: 204 }));
    expect(await ask()).toBeUndefined();
  });
});

describe("a failure", () => {
  it.each<[string, () => Response | Promise<Response>, Partial<Problem>]>([
    ["JSON that breaks off", () => json('{"name":"a'), { kind: "incomplete" }],
    [
      "HTML with 200",
      () => new Response("<!doctype html>", { status: 200 }),
      { kind: "incomplete" },
    ],
    [
      "HTML of a proxy",
      () => new Response("<h1>502</h1>", { status: 502, headers: { "content-type": "text/html" } }),
      { kind: "broken", status: 502 },
    ],
    [
      "a problem",
      () => json('{"code":"wrong_filter","detail":"No."}', 422),
      { kind: "refused", code: "wrong_filter", detail: "No." },
    ],
    [
      "too many",
      () => json('{"code":"rate_limited"}', 429, { "retry-after": "34" }),
      { kind: "limited", retryAfter: 34 },
    ],
    ["no session", () => json("{}", 401), { kind: "signed_out" }],
    [
      "no connection",
      () => Promise.reject(new TypeError("Failed to fetch")),
      { kind: "unreachable" },
    ],
  ])("by %s is said as what it is", async (_, make, expected) => {
    answers(make);
    expect(await problem()).toMatchObject({ name: "Problem", ...expected });
  });

  it("by whoever asked is theirs", async () => {
    answers(() => Promise.reject(new DOMException("gone", "AbortError")));
    await expect(ask()).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("patience", () => {
  beforeEach(() => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), ms / 1000);
      return controller.signal;
    });
    vi.stubGlobal(
      "fetch",
      (_: Request, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    );
  });
  afterEach(() => vi.restoreAllMocks());

  it("ends after twenty seconds", async () => {
    expect(await problem()).toMatchObject({ kind: "slow", isPassing: true });
    expect(AbortSignal.timeout).toHaveBeenCalledWith(20_000);
  });

  it("ends when nobody wants the answer any more", async () => {
    const controller = new AbortController();
    const asked = ask(controller.signal);
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
  });
});
