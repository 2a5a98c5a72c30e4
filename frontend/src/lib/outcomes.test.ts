import { describe, expect, it } from "vitest";
import { callOutcomeName, errorName, OUTCOMES, outcomeName, outcomeTone } from "@/lib/outcomes.ts";

describe("outcomes", () => {
  it.each(OUTCOMES)("have a name in each language: %s", (outcome) => {
    expect(outcomeName(outcome, "en")).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/);
    expect(outcomeName(outcome, "ru")).toMatch(/^[А-Я][а-яё]+( [а-яё]+)*$/);
  });

  it.each([
    [null, "In progress", "accent"],
    ["answered", "Answered", "neutral"],
    ["failed_told", "Failed", "bad"],
    ["declined", "Declined", "warn"],
    ["teleported", "teleported", "neutral"],
    ["constructor", "constructor", "neutral"],
  ])("%s is %s", (outcome, name, tone) => {
    expect(outcomeName(outcome, "en")).toBe(name);
    expect(outcomeTone(outcome)).toBe(tone);
  });

  it("names calls and errors, and leaves what it does not know", () => {
    expect(callOutcomeName("orphaned", "en")).toBe("Lost in a restart");
    expect(errorName("rate_limited", "ru")).toBe("Слишком много запросов");
    expect(errorName("__proto__", "en")).toBe("__proto__");
  });
});
