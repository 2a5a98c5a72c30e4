import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spaced } from "@/shell/follow.ts";
import { ADDRESS, LiveStream } from "@/shell/live-stream.ts";
import { FakeSource } from "@/testing/fake-source.ts";

const hide = (hidden: boolean) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};

const started: LiveStream[] = [];

function start() {
  const on = { state: vi.fn(), news: vi.fn(), refused: vi.fn() };
  const stream = new LiveStream(on);
  stream.start();
  started.push(stream);
  return { ...on, stream, states: () => on.state.mock.calls.map(([state]) => state) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.all = [];
});
afterEach(() => {
  for (const stream of started.splice(0)) stream.stop();
  hide(false);
  vi.useRealTimers();
});

describe("a live stream", () => {
  it("connects and brings news", () => {
    const { news, states, stream } = start();
    expect(FakeSource.last.url).toBe(ADDRESS);
    FakeSource.last.tell("open");
    FakeSource.last.tell("stats");
    FakeSource.last.tell("stats");
    expect(news).toHaveBeenCalledTimes(2);
    stream.stop();
    expect(states()).toEqual(["connecting", "live", "off"]);
    expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED);
  });

  it("leaves a broken line to the browser, and says so", () => {
    const { states, refused } = start();
    FakeSource.last.tell("open");
    FakeSource.last.tell("error");
    FakeSource.last.tell("stats");
    expect(states()).toEqual(["connecting", "live", "reconnecting", "live"]);
    expect([FakeSource.all.length, refused.mock.calls.length]).toEqual([1, 0]);
  });

  it("asks who one is when it is refused, and tries again later", () => {
    const { refused, states } = start();
    FakeSource.last.readyState = FakeSource.CLOSED;
    FakeSource.last.tell("error");
    expect(refused).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(29_000);
    expect(FakeSource.all.length).toBe(1);
    vi.advanceTimersByTime(2000);
    expect([FakeSource.all.length, states()]).toEqual([2, ["connecting", "reconnecting"]]);
  });

  it("rests while nobody sees the page", () => {
    const { states } = start();
    FakeSource.last.tell("open");
    hide(true);
    expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED);
    hide(false);
    expect([FakeSource.all.length, states()]).toEqual([
      2,
      ["connecting", "live", "paused", "connecting"],
    ]);
  });

  it("begins to rest where the page is not seen at first", () => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    const { states } = start();
    expect([FakeSource.all.length, states()]).toEqual([0, ["paused"]]);
  });

  it("does nothing after its end", () => {
    const { stream } = start();
    stream.stop();
    hide(false);
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.all.length).toBe(1);
  });
});

describe("what is spaced", () => {
  it("happens at once, and then as soon as it may, once for all who asked", () => {
    const act = vi.fn(() => 10_000);
    const { ask, cancel } = spaced(act);
    ask();
    ask();
    vi.advanceTimersByTime(0);
    expect(act).toHaveBeenCalledTimes(1);
    for (let second = 0; second < 9; second += 1) {
      ask();
      vi.advanceTimersByTime(1000);
    }
    expect(act).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(act).toHaveBeenCalledTimes(2);
    ask();
    cancel();
    vi.advanceTimersByTime(60_000);
    expect(act).toHaveBeenCalledTimes(2);
  });
});
