import { describe, expect, it } from "vitest";
import type { Unit } from "@/api/types.ts";
import { valueAxis } from "@/charts/prepare-values.ts";

const labels = (largest: number, unit: Unit, wanted = 4) =>
  valueAxis(largest, unit, wanted, "en").ticks.map(({ label }) => label);

it.each<[number, Unit, string[]]>([
  [78, "count", ["0", "20", "40", "60", "80"]],
  [1, "count", ["0", "1"]],
  [3, "count", ["0", "1", "2", "3"]],
  [0, "count", ["0", "1"]],
  [250_000, "tokens", ["0", "50K", "100K", "150K", "200K", "250K"]],
  [0.034, "share", ["0%", "1%", "2%", "3%", "4%"]],
  [1, "share", ["0%", "20%", "40%", "60%", "80%", "100%"]],
  [0.97, "share", ["0%", "20%", "40%", "60%", "80%", "100%"]],
  [0, "share", ["0%", "0.2%", "0.4%", "0.6%", "0.8%", "1%"]],
  [160_000, "microdollars", ["0", "$0.05", "$0.10", "$0.15", "$0.20"]],
  [1700, "microdollars", ["0", "$0.0005", "$0.0010", "$0.0015", "$0.0020"]],
  [7_500_000, "microdollars", ["0", "$2", "$4", "$6", "$8"]],
  [0, "microdollars", ["0", "$0.20", "$0.40", "$0.60", "$0.80", "$1.00"]],
  [420, "milliseconds", ["0", "100 ms", "200 ms", "300 ms", "400 ms", "500 ms"]],
  [17_000, "milliseconds", ["0", "5 sec", "10 sec", "15 sec", "20 sec"]],
  [100_000, "milliseconds", ["0", "30 sec", "1 min", "1.5 min", "2 min"]],
  [9_000_000, "milliseconds", ["0", "1 hr", "2 hr", "3 hr"]],
])("names steps up to %d %s", (largest, unit, expected) => {
  expect(labels(largest, unit)).toEqual(expected);
});

describe("an axis", () => {
  it.each([1, 7, 9.99, 1234, 98_765_432])("reaches its largest value, %d", (largest) => {
    for (const unit of ["count", "microdollars", "milliseconds"] as const) {
      const { max, ticks } = valueAxis(largest, unit, 4, "en");
      expect(max).toBeGreaterThanOrEqual(largest);
      expect(ticks.at(-1)?.value).toBe(max);
      expect(ticks.length).toBeLessThan(10);
    }
  });

  it("of shares ends at all there is", () => {
    expect(valueAxis(0.99, "share", 3, "en").max).toBe(1);
  });

  it("writes in the reader's language", () => {
    expect(valueAxis(0.1, "share", 2, "ru").ticks.at(-1)?.label).toBe("10\u00a0%");
  });
});
