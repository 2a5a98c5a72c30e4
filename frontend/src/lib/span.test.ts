import { describe, expect, it } from "vitest";
import { daysOf, presets, stepped, viewOf, wrongIn } from "@/lib/span.ts";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

const window = (start: string, end: string, asOf: string, timezone = "UTC") =>
  windowOf({ ...NOT_COMPARED, start, end, timezone, as_of: asOf });

const NOW = "2026-11-21T09:30:00Z";
const WEEK = window("2026-11-15T00:00:00Z", "2026-11-22T00:00:00Z", NOW);
const DAY = window("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z", NOW);

describe("days of one's own", () => {
  it("count the last one in, where the API does not", () => {
    expect(viewOf({ tz: "UTC" }, { first: "2026-11-01", last: "2026-11-30" })).toEqual({
      tz: "UTC",
      from: "2026-11-01",
      to: "2026-12-01",
    });
    expect(viewOf({}, { first: "2028-02-29", last: "2028-02-29" })).toEqual({
      from: "2028-02-29",
      to: "2028-03-01",
    });
  });

  it.each([
    ["2026-11-01", "2026-11-01", null],
    ["", "2026-11-01", "missing"],
    ["2026-11-01", "", "missing"],
    ["2026-11-02", "2026-11-01", "reversed"],
    ["2009-12-31", "2010-01-05", "early"],
    ["2023-01-01", "2026-01-04", null],
    ["2023-01-01", "2026-01-05", "long"],
  ])("%s to %s: %s", (first, last, wrong) => {
    expect(wrongIn({ first, last })).toBe(wrong);
  });

  it("begin with those that are shown, in their zone", () => {
    expect(daysOf(WEEK)).toEqual({ first: "2026-11-15", last: "2026-11-21" });
    const berlin = window(
      "2026-10-24T00:00:00+02:00",
      "2026-10-26T00:00:00+01:00",
      NOW,
      "Europe/Berlin",
    );
    expect(daysOf(berlin)).toEqual({ first: "2026-10-24", last: "2026-10-25" });
  });

  it("may be those that are often asked for", () => {
    expect(presets("2026-03-01")).toEqual({
      yesterday: { first: "2026-02-28", last: "2026-02-28" },
      month: { first: "2026-03-01", last: "2026-03-01" },
      before: { first: "2026-02-01", last: "2026-02-28" },
      quarter: { first: "2025-12-02", last: "2026-03-01" },
    });
  });
});

describe("the time before and after", () => {
  it("goes back by whole days", () => {
    expect(stepped({ tz: "UTC" }, WEEK, -1)).toEqual({
      tz: "UTC",
      from: "2026-11-08",
      to: "2026-11-15",
    });
  });

  it("goes back by as many hours", () => {
    expect(stepped({ period: "day" }, DAY, -1)).toEqual({
      from: "2026-11-19T10:00:00Z",
      to: "2026-11-20T10:00:00Z",
    });
  });

  it("does not go into the future, nor before all time", () => {
    expect(stepped({}, WEEK, 1)).toBeNull();
    expect(stepped({}, DAY, 1)).toBeNull();
    const first = window("2010-01-02T00:00:00Z", "2010-01-09T00:00:00Z", NOW);
    expect(stepped({}, first, -1)).toBeNull();
  });

  it.each([
    ["week", window("2026-11-08T00:00:00Z", "2026-11-15T00:00:00Z", NOW)],
    ["month", window("2026-09-23T00:00:00Z", "2026-10-23T00:00:00Z", NOW)],
    ["day", window("2026-11-19T10:00:00Z", "2026-11-20T10:00:00Z", NOW)],
  ] as const)("comes back to the %s that ends now", (period, before) => {
    const custom = { from: before.start, to: before.end, tz: "UTC" };
    expect(stepped(custom, before, 1)).toEqual({ tz: "UTC", period });
  });

  it.each([
    [
      "another week",
      window("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z", NOW),
      { from: "2026-11-08", to: "2026-11-15" },
    ],
    [
      "a week that does not end today",
      window("2026-11-07T00:00:00Z", "2026-11-14T00:00:00Z", NOW),
      { from: "2026-11-14", to: "2026-11-21" },
    ],
    [
      "yesterday, a whole day",
      window("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", NOW),
      { from: "2026-11-20", to: "2026-11-21" },
    ],
  ])("comes to %s by its days", (_, before, view) => {
    expect(stepped({ from: before.start, to: before.end }, before, 1)).toEqual(view);
  });

  it("keeps local days where clocks change, and where a day begins at one", () => {
    const berlin = window(
      "2026-10-25T00:00:00+02:00",
      "2026-10-26T00:00:00+01:00",
      NOW,
      "Europe/Berlin",
    );
    expect(stepped({}, berlin, -1)).toEqual({ from: "2026-10-24", to: "2026-10-25" });
    const santiago = window(
      "2026-09-06T01:00:00-03:00",
      "2026-09-07T00:00:00-03:00",
      NOW,
      "America/Santiago",
    );
    expect(stepped({}, santiago, 1)).toEqual({ from: "2026-09-07", to: "2026-09-08" });
  });
});
