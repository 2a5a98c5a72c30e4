import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reloadWhenReachable } from "@/shell/reload.ts";

const answers = (make: () => Promise<Response>) => vi.stubGlobal("fetch", vi.fn(make));
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => void vi.useRealTimers());

describe("reloading", () => {
  it("waits until the server answers", async () => {
    const reload = vi.fn();
    answers(() => Promise.reject(new TypeError("Failed to fetch")));
    const stop = reloadWhenReachable(reload);
    await later(25_000);
    expect(reload).not.toHaveBeenCalled();
    answers(async () => new Response(null, { status: 502 }));
    await later(10_000);
    expect(reload).not.toHaveBeenCalled();
    answers(async () => new Response(null));
    await later(10_000);
    expect(reload).toHaveBeenCalledOnce();
    stop();
  });

  it("does not go on for ever", async () => {
    const reload = vi.fn();
    answers(async () => new Response(null));
    const stop = reloadWhenReachable(reload);
    await later(50_000);
    expect(reload).toHaveBeenCalledOnce();
    await later(25_000);
    expect(reload).toHaveBeenCalledTimes(2);
    stop();
    await later(200_000);
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it("is left to people where the browser remembers nothing", async () => {
    const get = vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new DOMException("no", "SecurityError");
    });
    const reload = vi.fn();
    answers(async () => new Response(null));
    const stop = reloadWhenReachable(reload);
    await later(20_000);
    expect(reload).not.toHaveBeenCalled();
    stop();
    get.mockRestore();
  });
});
