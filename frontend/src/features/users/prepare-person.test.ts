import { describe, expect, it } from "vitest";
import type { Overview, Person } from "@/api/types.ts";
import { isActive, lifeOf, prepareActivity } from "./prepare-person.ts";

const PERSON = {
  first_seen: "2026-08-23T22:00:00Z",
  last_seen: "2026-11-20T23:00:00Z",
} as Person;

describe("the days of a life", () => {
  const table: [string, Partial<Person>, ReturnType<typeof lifeOf>][] = [
    ["UTC", {}, { from: "2026-08-23", to: "2026-11-21" }],
    ["Europe/Berlin", {}, { from: "2026-08-24", to: "2026-11-22" }],
    ["America/New_York", {}, { from: "2026-08-23", to: "2026-11-21" }],
    ["UTC", { first_seen: "2026-11-20T23:00:00Z" }, { from: "2026-11-20", to: "2026-11-21" }],
    ["UTC", { first_seen: "2020-01-01T00:00:00Z" }, { from: "2023-11-17", to: "2026-11-21" }],
    ["UTC", { last_seen: null }, null],
  ];
  it.each(table)("in %s with %j", (zone, fields, life) => {
    expect(lifeOf({ ...PERSON, ...fields }, zone)).toEqual(life);
  });
});

it.each([
  [{ questions: 0, answers: 0 }, false],
  [{ questions: 1, answers: 0 }, true],
  [{ questions: 0, answers: 1 }, true],
  [{ questions: null, answers: null }, false],
  [{}, false],
])("somebody with %j is active: %s", (current, active) => {
  expect(isActive({ summary: { current } } as unknown as Overview)).toBe(active);
});

it("draws questions beside answers, with gaps where nothing is known", () => {
  const activity = [
    { values: { questions: 3, answers: 0 } },
    { values: { questions: null } },
  ] as unknown as Overview["activity"];
  expect(prepareActivity({ activity }, (slug) => slug)).toEqual([
    { id: "questions", title: "questions", unit: "count", tone: 1, values: [3, null] },
    { id: "answers", title: "answers", unit: "count", tone: 2, values: [0, null] },
  ]);
});
