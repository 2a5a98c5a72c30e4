import { expect, it } from "vitest";
import { shownName } from "@/lib/shown-name.ts";

it.each([
  ["vendor/large", "vendor/large"],
  ["", ""],
  ["a\u200b", "a\u200b"],
  ["\u202eevil", "\u202eevil"],
  ["\u0301", "\u0301"],
  ["👩‍🚀", "👩‍🚀"],
])("%j has something to see, and stays", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

it.each([
  [" ", "U+0020"],
  ["\u200b\u200b\u2060\ufeff", "U+200B U+200B U+2060 U+FEFF"],
  ["\t\u00a0\u2003\u2029", "U+0009 U+00A0 U+2003 U+2029"],
  ["\u202e\u2066\u00ad", "U+202E U+2066 U+00AD"],
  ["\u3164\u115f\u2800\ufe0f", "U+3164 U+115F U+2800 U+FE0F"],
  ["\ufffe\u0007", "U+FFFE U+0007"],
  ["\u{e0001}", "U+E0001"],
  ["\u200b".repeat(5), "U+200B U+200B U+200B U+200B +1"],
  ["\u200b".repeat(120), "U+200B U+200B U+200B U+200B +116"],
])("%j has nothing to see, and is spelled out", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});
