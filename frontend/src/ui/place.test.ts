import { describe, expect, it } from "vitest";
import { placeFor } from "@/ui/place.ts";

const VIEW = { width: 1000, height: 800 };
const SHEET = { width: 200, height: 300 };

describe("a sheet", () => {
  it.each([
    ["below its button", { left: 100, top: 100, bottom: 130 }, SHEET, [100, 136]],
    ["within the right edge", { left: 950, top: 100, bottom: 130 }, SHEET, [792, 136]],
    ["within the left edge", { left: -20, top: 100, bottom: 130 }, SHEET, [8, 136]],
    ["above where there is no room below", { left: 100, top: 600, bottom: 630 }, SHEET, [100, 294]],
    [
      "below where there is little, but more than above",
      { left: 100, top: 300, bottom: 330 },
      { width: 200, height: 700 },
      [100, 336],
    ],
    [
      "at the upper edge where it is higher than all the room",
      { left: 100, top: 700, bottom: 730 },
      { width: 200, height: 900 },
      [100, 8],
    ],
    [
      "at the left edge where it is wider than the window",
      { left: 100, top: 100, bottom: 130 },
      { width: 1200, height: 300 },
      [8, 136],
    ],
  ])("lies %s", (_, button, sheet, [left, top]) => {
    expect(placeFor(button, sheet, VIEW)).toMatchObject({ left, top });
  });

  it("is as high as there is room", () => {
    const low = { left: 100, top: 300, bottom: 330 };
    expect(placeFor(low, { width: 200, height: 700 }, VIEW).room).toBe(456);
  });
});
