import { expect, it } from "vitest";
import { brokenRule, NAME } from "@/lib/password-rules.ts";

it.each([
  ["four quiet herons wade", "ada", undefined],
  ["Слово за словом", "ada", undefined],
  ["🦦🦦🦦🦦🦦🦦🦦🦦", "ada", undefined],
  ["short", "ada", "length"],
  ["🦦🦦🦦🦦", "ada", "length"],
  ["x".repeat(128), "ada", undefined],
  ["x".repeat(129), "ada", "length"],
  ["🦦".repeat(128), "ada", undefined],
  ["🧑‍🚀".repeat(50), "ada", "length"],
  ["I am ADA myself", "ada", "name"],
  ["no account yet", "", undefined],
  ["a tab\tin there", "bob", "characters"],
])("%s for %s breaks %s", (password, name, rule) => {
  expect(brokenRule(password, name)).toBe(rule);
});

it.each([
  ["ada", true],
  ["Ada.L_o-v@e", true],
  ["ab", false],
  ["a".repeat(65), false],
  ["ада", false],
  ["a b c", false],
])("%s as a name: %s", (name, isOne) => {
  expect(NAME.test(name)).toBe(isOne);
});
