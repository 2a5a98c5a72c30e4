import { expect, it } from "vitest";
import type { Series } from "@/api/types.ts";
import { isAnybody, prepareGrowth } from "./prepare-growth.ts";

const bucket = (values: object) => ({ values }) as Series["buckets"][number];

it("stacks those who stay below those who are new and those who are back", () => {
  const buckets = [
    bucket({ new_users: 3, returning_users: 5, resurrected_users: 0 }),
    bucket({ new_users: 0, returning_users: null, resurrected_users: 2 }),
    bucket({}),
  ];
  expect(prepareGrowth({ buckets }, (slug) => slug.toUpperCase())).toEqual([
    {
      id: "returning_users",
      title: "RETURNING_USERS",
      unit: "count",
      tone: 1,
      values: [5, null, null],
    },
    { id: "new_users", title: "NEW_USERS", unit: "count", tone: 2, values: [3, 0, null] },
    {
      id: "resurrected_users",
      title: "RESURRECTED_USERS",
      unit: "count",
      tone: 3,
      values: [0, 2, null],
    },
  ]);
});

it.each([
  [{ active_users: 1 }, true],
  [{ active_users: 0 }, false],
  [{ active_users: null }, false],
  [{}, false],
])("with %j anybody came: %s", (current, anybody) => {
  expect(isAnybody({ total: { current, previous: null } } as never)).toBe(anybody);
});
