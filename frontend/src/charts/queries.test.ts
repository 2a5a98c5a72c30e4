import { expect, it } from "vitest";
import { marksQuery, viewBefore } from "@/charts/queries.ts";
import { NOT_COMPARED, windowOf } from "@/testing/window.ts";

const WINDOW = windowOf({ timezone: "Asia/Tokyo" });

it("asks for the time before in the same buckets and zone, with the same filters", () => {
  expect(viewBefore({ period: "week", model: "a/b", compare: "weekday" }, WINDOW)).toEqual({
    from: "2026-11-08T00:00:00Z",
    to: "2026-11-14T10:00:00Z",
    bucket: "day",
    tz: "Asia/Tokyo",
    model: "a/b",
    compare: "none",
  });
});

it("has no time before where nothing is compared", () => {
  expect(viewBefore({}, { ...WINDOW, ...NOT_COMPARED })).toBeNull();
});

it.each([
  [{}, { period: "week" }],
  [
    { period: "day", tz: "UTC", bot: "42", model: "a/b", language: "de", compare: "none" },
    { period: "day", tz: "UTC", bot: 42 },
  ],
  [
    { from: "2026-11-01", to: "2026-11-08", bucket: "hour" },
    { from: "2026-11-01", to: "2026-11-08" },
  ],
] as const)("asks for the marks of %j by time and bot alone", (view, asked) => {
  expect(marksQuery(view).queryKey).toEqual(["stats", "marks", ...Object.entries(asked).flat()]);
});
