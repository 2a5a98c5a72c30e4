import { describe, expect, it } from "vitest";
import { HOUR_KEYS, hoursOf } from "@/charts/prepare-hours.ts";

const window = (start: string, end: string, timezone = "UTC", as_of = "2026-12-31T00:00:00Z") => ({
  start,
  end,
  timezone,
  as_of,
});
const known = (hours: Record<string, number | null>) =>
  Object.entries(hours).flatMap(([key, value]) => (value === null ? [] : [key]));

describe("hours of the week", () => {
  it("are 168, Monday's first", () => {
    expect([HOUR_KEYS.length, HOUR_KEYS[0], HOUR_KEYS[24], HOUR_KEYS.at(-1)]).toEqual([
      168,
      "1-00",
      "2-00",
      "7-23",
    ]);
  });

  it("are zero where nothing was asked, and unknown where they have not come", () => {
    const monday = window(
      "2026-11-16T00:00:00Z",
      "2026-11-23T00:00:00Z",
      "UTC",
      "2026-11-16T02:30:00Z",
    );
    const hours = hoursOf(monday, [{ key: "1-01", values: { questions: 4 } }], "questions");
    expect([hours["1-00"], hours["1-01"], hours["1-02"], hours["1-03"]]).toEqual([0, 4, 0, null]);
    expect(known(hours)).toHaveLength(3);
  });

  it("have no rate where nothing was asked", () => {
    const hours = hoursOf(window("2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"), [], "error_rate");
    expect(known(hours)).toEqual([]);
  });

  it.each([
    ["a summer's end", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 24],
    ["a summer's start", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23],
    ["a common day", "2026-11-16T23:00:00Z", "2026-11-17T23:00:00Z", 24],
  ])("of %s are those on the clock", (_, start, end, count) => {
    const hours = known(hoursOf(window(start, end, "Europe/Berlin"), [], "questions"));
    expect(hours).toHaveLength(count);
    expect(new Set(hours.map((key) => key[0])).size).toBe(1);
  });

  it("are all there in a long window, and none in one that has not begun", () => {
    const long = window("2024-01-01T00:00:00Z", "2026-11-01T00:00:00Z");
    expect(known(hoursOf(long, [], "questions"))).toHaveLength(168);
    const coming = window("2027-01-01T00:00:00Z", "2027-01-08T00:00:00Z");
    expect(known(hoursOf(coming, [], "questions"))).toEqual([]);
  });
});
