import { describe, expect, it } from "vitest";
import {
  beginsDay,
  dayOf,
  formatAge,
  formatBucket,
  formatDay,
  formatMoment,
  formatSpan,
  formatTick,
  formatTime,
  offsetOf,
  weekdayNames,
} from "@/lib/dates.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

describe("a moment", () => {
  it.each([
    ["UTC", "en", "Nov 21, 2026, 23:30"],
    ["Europe/Berlin", "en", "Nov 22, 2026, 00:30"],
    ["America/New_York", "en", "Nov 21, 2026, 18:30"],
    ["Europe/Berlin", "ru", "22 нояб. 2026 г., 00:30"],
  ] as const)("in %s, %s, is %s", (zone, language, text) => {
    expect(plain(formatMoment("2026-11-21T23:30:00Z", zone, language))).toBe(text);
  });

  it("belongs to the day of its zone", () => {
    const late = "2026-11-21T23:30:00Z";
    expect([dayOf(late, "UTC"), dayOf(late, "Asia/Tokyo")]).toEqual(["2026-11-21", "2026-11-22"]);
    expect(plain(formatDay(late, "Asia/Tokyo", "en"))).toBe("Nov 22, 2026");
    expect(formatTime(late, "Asia/Kolkata", "ru")).toBe("05:00");
  });

  it("is read in UTC where the browser does not know the zone", () => {
    expect(formatTime("2026-11-21T23:30:00Z", "Europe/Atlantis", "en")).toBe("23:30");
  });

  it.each([
    ["2026-07-01T00:00:00Z", "Europe/Berlin", "UTC+2"],
    ["2026-12-01T00:00:00Z", "Europe/Berlin", "UTC+1"],
    ["2026-12-01T00:00:00Z", "Asia/Kolkata", "UTC+5:30"],
    ["2026-12-01T00:00:00Z", "UTC", "UTC"],
  ])("%s in %s is %s", (moment, zone, offset) => {
    expect(offsetOf(moment, zone).replace("UTC+0", "UTC")).toBe(offset);
  });

  it.each([
    ["2026-09-06T01:00:00-03:00", "America/Santiago", true],
    ["2026-09-06T02:00:00-03:00", "America/Santiago", false],
    ["2026-10-25T00:00:00+02:00", "Europe/Berlin", true],
    ["2026-10-25T00:00:00Z", "Europe/Berlin", false],
  ])("%s begins a day in %s: %s", (moment, zone, begins) => {
    expect(beginsDay(moment, zone)).toBe(begins);
  });
});

describe("a span", () => {
  it.each([
    ["2026-11-15T00:00:00Z", "2026-11-22T00:00:00Z", "UTC", "en", "Nov 15 – 21, 2026"],
    ["2026-11-15T00:00:00Z", "2026-11-22T00:00:00Z", "UTC", "ru", "15–21 нояб. 2026 г."],
    ["2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "UTC", "en", "Nov 21, 2026"],
    ["2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", "UTC", "en", "Dec 28, 2026 – Jan 3, 2027"],
    [
      "2026-10-24T00:00:00+02:00", // 25 hours on the 25th
      "2026-10-26T00:00:00+01:00",
      "Europe/Berlin",
      "en",
      "Oct 24 – 25, 2026",
    ],
    [
      "2026-09-06T01:00:00-03:00", // a day that begins at one
      "2026-09-07T00:00:00-03:00",
      "America/Santiago",
      "en",
      "Sep 6, 2026",
    ],
    ["2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z", "UTC", "en", "Nov 20, 10:00 – Nov 21, 10:00"],
  ] as const)("%s to %s in %s, %s, is %s", (start, end, zone, language, text) => {
    expect(plain(formatSpan(start, end, zone, language))).toBe(text);
  });
});

describe("a bucket", () => {
  it.each([
    [
      "hour",
      "2026-10-25T00:00:00Z",
      "2026-10-25T01:00:00Z",
      "en",
      "Sun, Oct 25, 02:00 (UTC+2)–02:00 (UTC+1)",
    ],
    ["hour", "2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z", "ru", "сб, 21 нояб., 09:00–10:00"],
    ["day", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", "en", "Sat, Nov 21"],
    ["week", "2026-11-15T23:00:00Z", "2026-11-22T23:00:00Z", "en", "Nov 16 – 22, 2026"],
    ["month", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", "ru", "ноябрь 2026 г."],
  ] as const)("of one %s from %s to %s, %s, is %s", (size, start, end, language, text) => {
    expect(plain(formatBucket(start, end, size, "Europe/Berlin", language))).toBe(text);
  });

  it.each([
    ["hour", "en", "23:00"],
    ["day", "en", "Nov 21"],
    ["day", "ru", "21 нояб."],
    ["month", "en", "Nov"],
  ] as const)("of one %s, %s, has the tick %s", (size, language, text) => {
    expect(plain(formatTick("2026-11-21T22:00:00Z", size, "Europe/Berlin", language))).toBe(text);
  });
});

describe("an age", () => {
  it.each([
    [0, "en", "now"],
    [12.4, "en", "12 sec. ago"],
    [89, "en", "89 sec. ago"],
    [120, "en", "2 min. ago"],
    [7200, "en", "2 hr. ago"],
    [200_000, "en", "2 days ago"],
    [12, "ru", "12 сек. назад"],
    [7200, "ru", "2 ч назад"],
  ] as const)("of %s s, %s, is %s", (seconds, language, text) => {
    expect(plain(formatAge(seconds, language))).toBe(text);
  });
});

it("weeks begin on Mondays", () => {
  expect(weekdayNames("en")).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
  expect(weekdayNames("ru")[0]).toBe("пн");
});
