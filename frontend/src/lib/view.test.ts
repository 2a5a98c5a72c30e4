import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { parseSearch, stringifySearch } from "@/lib/search.ts";
import {
  askedOf,
  isZone,
  nonsense,
  periodOf,
  readView,
  validSearch,
  validView,
  withCompareToggled,
  withFilter,
  withoutFilters,
  withPeriod,
  withSpan,
} from "@/lib/view.ts";

const USER = "fd4a99c1-87ff-47e7-910d-56f239bbb66e";

describe("an address", () => {
  it.each([
    ["", {}],
    ["?period=day", { period: "day" }],
    ["?period=month&compare=none", { period: "month", compare: "none" }],
    ["?from=2026-11-01&to=2026-11-08", { from: "2026-11-01", to: "2026-11-08" }],
    [
      "?from=2026-11-01T08%3A00%3A00%2B01%3A00&to=2026-11-01T09%3A00%3A00%2B01%3A00",
      { from: "2026-11-01T08:00:00+01:00", to: "2026-11-01T09:00:00+01:00" },
    ],
    [
      `?tz=Europe%2FBerlin&bucket=hour&bot=42&model=a%2Fb&language=ru&user=${USER}`,
      { tz: "Europe/Berlin", bucket: "hour", bot: "42", model: "a/b", language: "ru", user: USER },
    ],
  ])("%s is a view and is written the same", (address, view) => {
    expect(readView(parseSearch(address))).toEqual(view);
    expect(parseSearch(stringifySearch(view))).toEqual(parseSearch(address));
  });

  it.each([
    ["period=foo", {}],
    ["period=week", {}],
    ["period=day&period=week", {}],
    ["from=2026-11-01", {}],
    ["to=2026-11-01&period=day", { period: "day" }],
    ["from=2026-11-08&to=2026-11-01", {}],
    ["from=2026-11-08&to=2026-11-08", {}],
    ["from=2026-02-30&to=2026-03-08", {}],
    ["from=2026-13-01&to=2027-03-08", {}],
    ["from=2026-11-01T25:00:00Z&to=2026-11-08", {}],
    ["from=2026-11-01T08:00&to=2026-11-08", {}],
    ["from=2026-11-01T08:00:00Z&to=2026-11-01T08:00:00Z", {}],
    [
      "from=2026-11-01&to=2026-11-01T08:00:00Z", // whether that is empty depends on the zone
      { from: "2026-11-01", to: "2026-11-01T08:00:00Z" },
    ],
    ["from=2026-11-01&to=2026-11-08&period=day", { from: "2026-11-01", to: "2026-11-08" }],
    ["tz=Mars/Olympus", {}],
    ["tz=", {}],
    ["compare=yesterday&bucket=minute", {}],
    ["bot=0", {}],
    ["bot=-1", {}],
    ["bot=42e3", {}],
    ["bot=1234567890123456789", {}],
    ["model=", {}],
    [`model=${"x".repeat(201)}`, {}],
    ["language=EN", {}],
    ["language=😀", {}],
    ["user=42", {}],
    ["__proto__=x&constructor=y", {}],
    ["%ff%fe&=&&&a", {}],
  ])("?%s leaves the nonsense out", (address, view) => {
    expect(readView(parseSearch(address))).toEqual(view);
  });

  it("has one moment before another by time, not by letters", () => {
    const ends = { from: "2026-11-01T10:00:00+02:00", to: "2026-11-01T09:00:00Z" };
    expect(readView(ends)).toEqual(ends);
    expect(readView({ from: ends.to, to: ends.from })).toEqual({});
  });
});

describe("what a route understands", () => {
  it("overwrites nonsense, which the router would let pass", () => {
    const search = { period: "foo", tz: "UTC" };
    expect({ ...search, ...validView(search) }).toEqual({ tz: "UTC" });
    expect(Object.keys(validView(search))).toContain("period");
  });

  it("does so for a page's own words, too", () => {
    const entries = { order: v.optional(v.picklist(["cost"])) };
    expect(validSearch(entries, { order: "cost" })).toEqual({ order: "cost" });
    const search = { order: "beauty" };
    expect({ ...search, ...validSearch(entries, search) }).toEqual({ order: undefined });
  });

  it.each([
    [{}, {}, []],
    [{ period: "week" }, {}, []],
    [{ period: "foo" }, { period: undefined }, ["period=foo"]],
    [{ period: "day", x: "1" }, { period: "day" }, ["x=1"]],
    [{ from: "2026-11-01" }, { from: undefined }, ["from=2026-11-01"]],
    [{ toString: "x" }, {}, ["toString=x"]],
  ])("of %o with %o is left out %o", (search, understood, left) => {
    expect(nonsense(search, understood)).toEqual(left);
  });
});

describe("the API is asked", () => {
  it.each([
    [{}, { period: "week", compare: "weekday" }],
    [
      { period: "day", compare: "none" },
      { period: "day", compare: "none" },
    ],
    [
      { from: "2026-11-01", to: "2026-11-08", tz: "UTC", bucket: "day" },
      { from: "2026-11-01", to: "2026-11-08", compare: "weekday", tz: "UTC", bucket: "day" },
    ],
    [
      { bot: "42", model: "a/b", language: "ru", user: USER },
      { period: "week", compare: "weekday", bot: 42, model: "a/b", language: "ru", user: USER },
    ],
  ] as const)("for %o with %o", (view, asked) => {
    expect(askedOf(view)).toEqual(asked);
  });
});

describe("a view", () => {
  const custom = { from: "2026-11-01", to: "2026-11-08", bucket: "hour", tz: "UTC" } as const;

  it("takes another time, and forgets the width of its buckets", () => {
    expect(withPeriod(custom, "day")).toEqual({ period: "day", tz: "UTC" });
    expect(withSpan({ period: "day", bucket: "hour" }, "2026-01-01", "2026-02-01")).toEqual({
      from: "2026-01-01",
      to: "2026-02-01",
    });
    expect([periodOf(custom), periodOf({}), periodOf({ period: "day" })]).toEqual([
      "custom",
      "week",
      "day",
    ]);
  });

  it("takes filters and loses them", () => {
    const narrowed = withFilter(withFilter({ tz: "UTC" }, "bot", "42"), "model", "a");
    expect(narrowed).toEqual({ tz: "UTC", bot: "42", model: "a" });
    expect(withFilter(narrowed, "bot", undefined)).toEqual({ tz: "UTC", model: "a" });
    expect(withoutFilters(narrowed)).toEqual({ tz: "UTC" });
  });

  it("is compared, or not", () => {
    expect(withCompareToggled({})).toEqual({ compare: "none" });
    expect(withCompareToggled({ compare: "previous" })).toEqual({ compare: "none" });
    expect(withCompareToggled({ compare: "none" })).toEqual({ compare: "weekday" });
  });

  it.each([
    ["UTC", true],
    ["Asia/Kolkata", true],
    ["Nowhere/None", false],
    ["", false],
  ])("has the zone %s: %s", (zone, isOne) => {
    expect(isZone(zone)).toBe(isOne);
  });
});
