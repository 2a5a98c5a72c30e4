import { describe, expect, it } from "vitest";
import type { Unit } from "@/api/types.ts";
import { formatChange, formatInteger, formatValue, MISSING, relativeChange } from "@/lib/format.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("a value", () => {
  it.each<[Unit, number, string, string]>([
    ["count", 0, "0", "0"],
    ["count", 1234, "1,234", "1 234"],
    ["count", 12.34, "12.3", "12,3"],
    ["characters", 752.27, "752", "752"],
    ["tokens", 88_646, "88,646", "88 646"],
    ["microdollars", 0, "$0.00", "0,00 $"],
    ["microdollars", 551_784, "$0.55", "0,55 $"],
    ["microdollars", 1585.58, "$0.0016", "0,0016 $"],
    ["microdollars", 12_345_678_900, "$12,345.68", "12 345,68 $"],
    ["milliseconds", 0, "0 ms", "0 мс"],
    ["milliseconds", 523.55, "524 ms", "524 мс"],
    ["milliseconds", 999.7, "1 sec", "1 с"],
    ["milliseconds", 3431.96, "3.43 sec", "3,43 с"],
    ["milliseconds", 42_340, "42.3 sec", "42,3 с"],
    ["milliseconds", 90_000, "1.5 min", "1,5 мин"],
    ["milliseconds", 7_200_000, "2 hr", "2 ч"],
    ["share", 0, "0%", "0 %"],
    ["share", 0.01404, "1.4%", "1,4 %"],
    ["share", 0.8333, "83.3%", "83,3 %"],
    ["share", 1, "100%", "100 %"],
  ])("of %s %s is %s and %s", (unit, value, en, ru) => {
    expect(plain(formatValue(value, unit, "en"))).toBe(en);
    expect(plain(formatValue(value, unit, "ru"))).toBe(ru);
  });

  it.each<[Unit, number, string, string]>([
    ["count", 9999, "9,999", "9 999"],
    ["count", 1_234_567, "1.23M", "1,23 млн"],
    ["tokens", 88_646, "88.6K", "88,6 тыс."],
    ["microdollars", 12_345_678_900, "$12.3K", "12,3 тыс. $"],
  ])("of %s %s is in short %s and %s", (unit, value, en, ru) => {
    expect(plain(formatValue(value, unit, "en", "short"))).toBe(en);
    expect(plain(formatValue(value, unit, "ru", "short"))).toBe(ru);
  });

  it("that is not known is a dash, and never zero", () => {
    expect(formatValue(null, "count", "en")).toBe(MISSING);
    expect(formatValue(undefined, "share", "ru")).toBe(MISSING);
  });
});

describe("a change", () => {
  it.each([
    [110, 100, 0.1],
    [50, 100, -0.5],
    [1, 0, null],
    [null, 100, null],
    [100, undefined, null],
  ])("from %s against %s is %s", (current, previous, change) => {
    expect(relativeChange(current, previous)).toEqual(
      change === null ? null : expect.closeTo(change),
    );
  });

  it.each([
    [0.123, "+12%", "+12 %"],
    [-0.051, "-5.1%", "-5,1 %"],
    [0, "0%", "0 %"],
    [-0.00001, "0%", "0 %"],
    [12.5, "+1,250%", "+1 250 %"],
  ])("of %s is %s and %s", (change, en, ru) => {
    expect(plain(formatChange(change, "en"))).toBe(en);
    expect(plain(formatChange(change, "ru"))).toBe(ru);
  });
});

it("whole numbers are grouped", () => {
  expect(formatInteger(1_234_567, "en")).toBe("1,234,567");
});
