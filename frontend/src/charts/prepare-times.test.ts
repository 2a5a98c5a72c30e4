import { describe, expect, it } from "vitest";
import { textWidth, timeTicks } from "@/charts/prepare-times.ts";
import type { Span } from "@/charts/types.ts";
import type { BucketSize } from "@/lib/dates.ts";
import type { Language } from "@/lib/language.tsx";
import { spansAt, spansOf } from "@/testing/spans.ts";

const EM = 12;

function ticks(
  spans: Span[],
  size: BucketSize,
  { width = 1200, zone = "UTC", language = "en" as Language } = {},
) {
  const centre = (place: number) => ((place + 0.5) * width) / spans.length;
  return timeTicks({ spans, size, zone, language, centre, width, em: EM });
}
const labels = (...asked: Parameters<typeof ticks>) => ticks(...asked).map(({ label }) => label);

const WEEK = spansOf(7, "2026-11-15T00:00:00Z");
const MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"].map(
  (month) => `${month}-01T00:00:00Z`,
);

describe("names below the axis", () => {
  it("are of every day with its weekday, where there is room", () => {
    expect(labels(WEEK, "day").slice(0, 2)).toEqual(["Sun, Nov 15", "Mon, Nov 16"]);
  });

  it.each([
    [500, ["Nov 15", "Nov 16", "Nov 17", "Nov 18", "Nov 19", "Nov 20", "Nov 21"]],
    [300, ["Nov 15", "Nov 17", "Nov 19", "Nov 21"]],
  ])("are fewer in %d pixels", (width, expected) => {
    expect(labels(WEEK, "day", { width })).toEqual(expected);
  });

  it("are of Mondays where days are too many", () => {
    const days = spansOf(60, "2026-10-01T00:00:00Z");
    expect(labels(days, "day", { width: 700 })).toEqual([
      "Oct 5",
      "Oct 12",
      "Oct 19",
      "Oct 26",
      "Nov 2",
      "Nov 9",
      "Nov 16",
      "Nov 23",
    ]);
  });

  it("are of months in a year, whose name a January bears", () => {
    const days = spansOf(400, "2025-11-01T00:00:00Z");
    expect(labels(days, "day", { width: 900 }).slice(0, 4)).toEqual(["Nov", "Dec", "2026", "Feb"]);
    expect(labels(spansAt(MONTHS), "month")).toEqual(["Nov", "Dec", "2026", "Feb"]);
  });

  it("are of hours, and of the day at midnight", () => {
    const hours = spansOf(24, "2026-11-20T11:00:00Z", 1);
    const named = labels(hours, "hour", { width: 400 });
    expect(named).toEqual(["12:00", "16:00", "20:00", "Nov 21", "04:00", "08:00"]);
  });

  it("are of days where hours are too many", () => {
    const hours = spansOf(504, "2026-10-20T00:00:00Z", 1);
    expect(labels(hours, "hour", { width: 1500 })).toHaveLength(20);
    expect(labels(hours, "hour", { width: 800 }).slice(0, 2)).toEqual(["Oct 20", "Oct 22"]);
  });

  it("are of weeks by their first day", () => {
    const weeks = spansOf(6, "2026-10-05T00:00:00Z", 7 * 24);
    expect(labels(weeks, "week")).toEqual([
      "Oct 5",
      "Oct 12",
      "Oct 19",
      "Oct 26",
      "Nov 2",
      "Nov 9",
    ]);
  });

  it("speak of the zone's hours on the day that has 25 of them", () => {
    const hours = spansOf(25, "2026-10-24T22:00:00Z", 1); // Berlin, from midnight to midnight
    expect(labels(hours, "hour", { zone: "Europe/Berlin", width: 500 })).toEqual([
      "Oct 25",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
    ]);
  });

  it("speak of the zone's days where one begins at one o'clock", () => {
    const beirut = spansAt([
      "2026-03-28T00:00:00+02:00",
      "2026-03-29T01:00:00+03:00",
      "2026-03-30T00:00:00+03:00",
    ]);
    expect(labels(beirut, "day", { zone: "Asia/Beirut" })).toEqual(["Sat, Mar 28", "Sun, Mar 29"]);
  });

  it("are one of one bucket, and none of none", () => {
    expect(labels(WEEK.slice(0, 1), "day")).toEqual(["Sun, Nov 15"]);
    expect(labels([], "day")).toEqual([]);
  });
});

describe("they never touch", () => {
  const sizes: [BucketSize, number, number][] = [
    ["hour", 1, 24],
    ["hour", 1, 744],
    ["day", 24, 2],
    ["day", 24, 31],
    ["day", 24, 400],
    ["week", 168, 53],
    ["month", 730, 36],
  ];
  it.each(sizes)("%ss of %d hours, %d of them", (size, hours, count) => {
    const spans = spansOf(count, "2025-01-01T00:00:00Z", hours);
    for (const width of [240, 300, 390, 700, 1100, 1600, 2400, 3000]) {
      for (const language of ["en", "ru"] as const) {
        const found = ticks(spans, size, { width, language });
        expect(found.length).toBeGreaterThan(0);
        found.forEach((tick, place) => {
          const half = textWidth(tick.label, EM) / 2;
          const next = found[place + 1];
          expect(tick.x - half).toBeGreaterThanOrEqual(-0.01);
          expect(tick.x + half).toBeLessThanOrEqual(width + 0.01);
          if (next) expect(next.x - tick.x).toBeGreaterThan(half + textWidth(next.label, EM) / 2);
        });
      }
    }
  });
});
