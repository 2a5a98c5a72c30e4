import { describe, expect, it } from "vitest";
import type { Retention } from "@/api/types.ts";
import { cohortSizes, prepareCohorts, widerView } from "@/features/users/prepare-cohorts.ts";
import type { View } from "@/lib/view.ts";

const DAYS: Retention = {
  start: "2026-11-18T00:00:00Z",
  end: "2026-11-22T00:00:00Z",
  bucket: "day",
  timezone: "UTC",
  cohorts: [
    { start: "2026-11-18T00:00:00Z", size: 10, active: [10, 5, 1, 4] },
    { start: "2026-11-19T00:00:00Z", size: 0, active: [0, 0, 0] },
    { start: "2026-11-20T00:00:00Z", size: 30, active: [30, 9] },
    { start: "2026-11-21T00:00:00Z", size: 2, active: [2] },
  ],
};
const NOON = "2026-11-21T12:00:00Z";

describe("the size of cohorts", () => {
  const table: [View, string[]][] = [
    [{}, ["day", "week", "month"]],
    [{ period: "day" }, ["day", "week", "month"]],
    [{ period: "month" }, ["week", "month"]],
    [{ period: "month", bucket: "day" }, ["day", "week", "month"]],
    [{ period: "month", bucket: "hour" }, ["day", "week", "month"]],
    [{ bucket: "month" }, ["month"]],
    [{ from: "2026-11-01", to: "2026-11-15" }, ["day", "week", "month"]],
    [{ from: "2026-11-01", to: "2026-11-16" }, ["week", "month"]],
    [{ from: "2026-06-01", to: "2026-09-29" }, ["week", "month"]],
    [{ from: "2026-06-01", to: "2026-09-30" }, ["month"]],
    [{ from: "2026-11-01T08:00:00Z", to: "2026-11-02T08:00:00Z" }, ["day", "week", "month"]],
  ];
  it.each(table)("of %j", (view, sizes) => {
    expect(cohortSizes(view)).toEqual(sizes);
  });
});

describe("a square of cohorts", () => {
  const square = prepareCohorts(DAYS, NOON);

  it("has a row for each cohort and a cell for each later span", () => {
    expect(square.rows.map(({ cells }) => cells.length)).toEqual([3, 2, 1, 0]);
    expect(square.offsets).toEqual([1, 2, 3]);
    expect(square.people).toBe(42);
  });

  it.each([
    [0, 1, 0.5, 3],
    [0, 2, 0.1, 1],
    [0, 3, 0.4, 2],
    [1, 1, null, 0],
    [2, 1, 0.3, 2],
  ])("row %i, offset %i: share %s, shade %i", (row, offset, share, shade) => {
    expect(square.rows[row]?.cells[offset - 1]).toMatchObject({ share, shade });
  });

  it("marks what the running day has not finished", () => {
    const partial = square.rows.map(({ cells }) => cells.map(({ isPartial }) => isPartial));
    expect(partial).toEqual([[false, false, true], [false, true], [true], []]);
    expect(square.rows.map(({ isPartial }) => isPartial)).toEqual([false, false, false, true]);
  });

  it("weighs the mean by people, over whole cells of cohorts that are somebody", () => {
    expect(square.means).toMatchObject([
      { offset: 1, share: 0.5, cohorts: 1 },
      { offset: 2, share: 0.1, cohorts: 1 },
      { offset: 3, share: null, cohorts: 0 },
    ]);
    const later = prepareCohorts(DAYS, "2026-11-22T00:00:00Z");
    expect(later.means[0]).toMatchObject({ share: 14 / 40, cohorts: 2 });
  });

  it("leaves out spans that have not begun", () => {
    const square = prepareCohorts(DAYS, "2026-11-20T00:00:00Z");
    expect(square.rows.map(({ cells }) => cells.length)).toEqual([1, 0]);
  });

  it("has nothing of nothing", () => {
    const nothing = prepareCohorts({ ...DAYS, cohorts: [] }, NOON);
    expect(nothing).toMatchObject({ people: 0, rows: [], means: [], offsets: [] });
  });

  it("gives a cohort of nobody-came a zero, not a gap", () => {
    const cohorts = [
      { start: "2026-11-18T00:00:00Z", size: 3, active: [3, 0] },
      { start: "2026-11-19T00:00:00Z", size: 0, active: [0] },
    ];
    const square = prepareCohorts({ ...DAYS, end: "2026-11-20T00:00:00Z", cohorts }, NOON);
    expect(square.rows[0]?.cells[0]).toMatchObject({ share: 0, shade: 0, isPartial: false });
  });
});

describe("weeks and months that the window cuts", () => {
  const table: [Retention["bucket"], string[], string, boolean[]][] = [
    ["week", ["2026-10-23", "2026-10-26", "2026-11-02"], "2026-11-09", [true, false, false]],
    ["week", ["2026-10-19", "2026-10-26"], "2026-10-30", [false, true]],
    ["month", ["2026-08-15", "2026-09-01", "2026-10-01"], "2026-11-01", [true, false, false]],
    ["month", ["2026-09-01", "2026-10-01"], "2026-10-20", [false, true]],
  ];
  it.each(table)("by the %s from %j to %s", (bucket, starts, end, partial) => {
    const cohorts = starts.map((day, place) => ({
      start: `${day}T00:00:00Z`,
      size: 1,
      active: Array.from({ length: starts.length - place }, () => 1),
    }));
    const retention = { ...DAYS, bucket, end: `${end}T00:00:00Z`, cohorts };
    const { rows } = prepareCohorts(retention, NOON);
    expect(rows.map(({ isPartial }) => isPartial)).toEqual(partial);
  });
});

it.each([
  [{}, { period: "month" }],
  [
    { period: "day", bot: "42" },
    { period: "month", bot: "42" },
  ],
  [{ period: "month" }, { from: "2026-08-24", to: "2026-11-22" }],
  [{ from: "2026-11-01", to: "2026-11-03" }, { period: "month" }],
  [
    { from: "2026-10-01", to: "2026-11-03", tz: "Asia/Tokyo" },
    { from: "2026-08-24", to: "2026-11-22", tz: "Asia/Tokyo" },
  ],
  [{ from: "2026-01-01", to: "2026-11-03" }, null],
] as [View, View | null][])("a view wider than %j", (view, wider) => {
  expect(widerView(view, "2026-11-21")).toEqual(wider);
});
