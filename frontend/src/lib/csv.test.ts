import { expect, it } from "vitest";
import { csvHref } from "@/lib/csv.ts";

it.each([
  [{}, {}, "period=week&compare=weekday"],
  [
    { from: "2026-11-01", to: "2026-11-08", tz: "Europe/Berlin", model: "a/b c" },
    { metric: ["questions", "cost"] },
    "from=2026-11-01&to=2026-11-08&compare=weekday&tz=Europe%2FBerlin&model=a%2Fb+c&metric=questions&metric=cost",
  ],
  [
    { period: "day", compare: "none" } as const,
    { by: "model", limit: 5, order: undefined },
    "period=day&compare=none&by=model&limit=5",
  ],
])("asks for the file of %j with %j", (view, extra, query) => {
  expect(csvHref("series", view, extra)).toBe(`/api/v1/export/series.csv?${query}`);
});
