import { afterEach, expect, it, vi } from "vitest";
import { noteDate, serverNow } from "@/lib/server-clock.ts";

afterEach(() => {
  noteDate(new Date().toUTCString());
  vi.useRealTimers();
});

it("the server's clock goes on from its last answer, whatever this one shows", () => {
  vi.useFakeTimers();
  vi.setSystemTime("2031-05-05");
  noteDate("Sat, 21 Nov 2026 09:30:00 GMT");
  expect(new Date(serverNow()).toISOString()).toBe("2026-11-21T09:30:00.000Z");
  vi.advanceTimersByTime(90_000);
  vi.setSystemTime("1999-01-01");
  expect(new Date(serverNow()).toISOString()).toBe("2026-11-21T09:31:30.000Z");
});

it.each([null, "", "yesterday"])("is not changed by %o", (date) => {
  noteDate("Sat, 21 Nov 2026 09:30:00 GMT");
  const before = serverNow();
  noteDate(date);
  expect(Math.abs(serverNow() - before)).toBeLessThan(1000);
});
