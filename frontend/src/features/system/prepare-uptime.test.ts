import { expect, it } from "vitest";
import { formatUptime } from "@/features/system/prepare-uptime.ts";

it.each([
  [0, "0 sec"],
  [0.9, "0 sec"],
  [12, "12 sec"],
  [60, "1 min"],
  [75.4, "1 min 15 sec"],
  [3600, "1 hr"],
  [3660, "1 hr 1 min"],
  [3601, "1 hr"],
  [93_600, "1 day 2 hr"],
  [864_000, "10 days"],
  [-5, "0 sec"],
])("%d seconds are %s", (seconds, words) => {
  expect(formatUptime(seconds, "en")).toBe(words);
});

it("speaks Russian", () => {
  expect(formatUptime(93_600, "ru")).toBe("1 дн. 2 ч");
});
