import { expect, it } from "vitest";
import { prepareRows } from "@/features/quality/prepare-rows.ts";
import { BREAKDOWN_WORDS } from "@/features/quality/words.ts";

it.each([
  ["model", "en", ["a/b", ""], ["a/b", "No model"]],
  ["language", "en", ["de", "", "zz"], ["German", "Language not told", "zz"]],
  ["language", "ru", ["de"], ["немецкий"]],
  ["kind", "en", ["text", "video_note"], ["Text", "Round video"]],
  ["outcome", "ru", ["failed_told", ""], ["Сбой", "Без исхода"]],
] as const)("names %s in %s", (by, language, keys, names) => {
  const slices = keys.map((key) => ({ key, values: { questions: 1 } }));
  const rows = prepareRows({ slices }, by, { language, none: BREAKDOWN_WORDS[language].none });
  expect(rows.map(({ name }) => name)).toEqual(names);
  expect(rows.map(({ key }) => key)).toEqual(keys);
});
