import { expect, it } from "vitest";
import { languageName } from "@/lib/language-name.ts";

it.each([
  ["de", "en", "German"],
  ["de", "ru", "немецкий"],
  ["pt-br", "en", "Brazilian Portuguese"],
  ["zz", "en", "zz"],
  ["", "en", ""],
  ["😀".repeat(200), "ru", "😀".repeat(200)],
] as const)("%s in %s is %s", (code, language, name) => {
  expect(languageName(code, language)).toBe(name);
});
