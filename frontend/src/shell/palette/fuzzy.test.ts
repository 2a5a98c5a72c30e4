import { describe, expect, it } from "vitest";
import { fit, fitting } from "@/shell/palette/fuzzy.ts";

describe("letters", () => {
  it.each([
    ["", "Models"],
    ["mod", "Models"],
    ["MDL", "Models"],
    ["dark", "Dark theme"],
    ["dt", "Dark theme"],
    ["theme dark", "Theme: dark"],
    ["last 30", "The last 30 days"],
    ["мод", "Модели"],
    ["все", "Убрать всё"],
    ["  week ", "The last 7 days, a week"],
  ])("%s fit %s", (typed, text) => {
    expect(fit(typed, text)).not.toBeNull();
  });

  it.each([
    ["xyz", "Models"],
    ["slm", "Models"],
    ["modelss", "Models"],
  ])("%s do not fit %s", (typed, text) => {
    expect(fit(typed, text)).toBeNull();
  });

  it.each([
    ["mo", ["Compare with the time just before", "Models", "Monthly"], "Models"],
    ["set", ["Users by test", "Settings"], "Settings"],
    ["lt", ["Multi", "Light theme"], "Light theme"],
    ["qu", ["Unique", "Quality"], "Quality"],
  ])("%s find in %o first %s", (typed, texts, first) => {
    expect(fitting(typed, texts, (text) => [text])[0]).toBe(first);
  });

  it("find a thing by any of its names, and keep the order where all fit", () => {
    const things = [
      ["Настройки", "Settings"],
      ["Люди", "Users"],
    ];
    expect(fitting("sett", things, (names) => names)).toEqual([things[0]]);
    expect(fitting("", things, (names) => names)).toEqual(things);
  });
});
