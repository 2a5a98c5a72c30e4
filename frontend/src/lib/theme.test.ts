import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { chooseTheme, useTheme } from "@/lib/theme.ts";

const shown = () => document.documentElement.dataset.theme;

beforeEach(() => localStorage.clear());

describe("the theme", () => {
  it("is kept, and is the system's where none was chosen", () => {
    const { result } = renderHook(useTheme);
    expect(result.current).toBe("system");
    act(() => chooseTheme("dark"));
    expect([result.current, shown(), localStorage.getItem("parley.theme")]).toEqual([
      "dark",
      "dark",
      "dark",
    ]);
    act(() => chooseTheme("system"));
    expect([result.current, shown(), localStorage.getItem("parley.theme")]).toEqual([
      "system",
      "light",
      null,
    ]);
  });

  it("is shown where the browser keeps nothing, too", () => {
    const get = vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new DOMException("no", "SecurityError");
    });
    expect(renderHook(useTheme).result.current).toBe("system");
    get.mockRestore();
  });
});
