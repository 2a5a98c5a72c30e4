import { expect, it } from "vitest";
import { preparePages } from "@/lib/pages.ts";

const page = (ids: string[], total: number, next: string | null = null) => ({
  users: ids.map((id) => ({ id })),
  total,
  next,
  window: { timezone: "Europe/Berlin" },
});

it.each([
  ["nothing yet", [], { ids: [], total: 0, zone: "UTC", comes: 0 }],
  [
    "one page",
    [page(["a", "b"], 2)],
    { ids: ["a", "b"], total: 2, zone: "Europe/Berlin", comes: 0 },
  ],
  [
    "the first of three",
    [page(["a", "b"], 5, "x")],
    { ids: ["a", "b"], total: 5, zone: "Europe/Berlin", comes: 2 },
  ],
  [
    "all but the last row",
    [page(["a", "b"], 5, "x"), page(["c", "d"], 5, "y")],
    { ids: ["a", "b", "c", "d"], total: 5, zone: "Europe/Berlin", comes: 1 },
  ],
  [
    "a row that moved down in between",
    [page(["a", "b"], 3, "x"), page(["b", "c"], 3)],
    { ids: ["a", "b", "c"], total: 3, zone: "Europe/Berlin", comes: 0 },
  ],
  [
    "new rows in between",
    [page(["a", "b"], 2, "x"), page(["c"], 2, "y")],
    { ids: ["a", "b", "c"], total: 3, zone: "Europe/Berlin", comes: 1 },
  ],
])("rows of %s", (_, pages, { ids, ...expected }) => {
  const { rows, ...found } = preparePages(pages, ({ users }) => users);
  expect(rows.map(({ id }) => id)).toEqual(ids);
  expect(found).toEqual({ isExact: true, ...expected });
});

it("may be of more than were counted", () => {
  const counted = { ...page(["a", "b"], 2, "x"), is_total_exact: false };
  const found = preparePages([counted], ({ users }) => users);
  expect(found).toMatchObject({ total: 2, isExact: false, comes: 2 });
});
