import { expect, it } from "vitest";
import { kindName } from "@/lib/kinds.ts";

it.each([
  ["text", "en", "Text"],
  ["video_note", "ru", "Видеокружок"],
  ["hologram", "ru", "hologram"],
  ["constructor", "en", "constructor"],
] as const)("calls %s in %s %s", (kind, language, name) => {
  expect(kindName(kind, language)).toBe(name);
});
