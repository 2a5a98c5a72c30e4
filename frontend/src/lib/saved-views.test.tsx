import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { forgetView, saveView, useSavedViews } from "@/lib/saved-views.ts";

const KEY = "parley.views";

function fromOutside(text: string | null) {
  if (text === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, text);
  dispatchEvent(new StorageEvent("storage", { key: KEY }));
}

beforeEach(() => localStorage.clear());

describe("saved views", () => {
  it("are kept by name, the newer in the older one's place", () => {
    const { result } = renderHook(useSavedViews);
    act(() => fromOutside(null));
    act(() => saveView(" Costs ", "/models?period=month"));
    act(() => saveView("People", "/users"));
    act(() => saveView("Costs", "/models?period=day"));
    expect(result.current).toEqual([
      { name: "People", address: "/users" },
      { name: "Costs", address: "/models?period=day" },
    ]);
    expect(JSON.parse(localStorage.getItem(KEY) ?? "")).toEqual(result.current);
    act(() => forgetView("People"));
    expect(result.current.map(({ name }) => name)).toEqual(["Costs"]);
  });

  it.each([
    ["not JSON", "{"],
    ["no list", '{"name":"a","address":"/"}'],
    ["somebody else's", '[1,null,{"name":"a"},{"name":"","address":"/"},{"name":"x","address":9}]'],
    [
      "another site",
      '[{"name":"a","address":"//evil.example"},{"name":"b","address":"/\\\\evil"}]',
    ],
    ["a script", '[{"name":"a","address":"javascript:alert(1)"}]'],
  ])("that are %s are none", (_, text) => {
    const { result } = renderHook(useSavedViews);
    act(() => fromOutside(text));
    expect(result.current).toEqual([]);
  });

  it("are no more than fifty, the oldest forgotten first", () => {
    const { result } = renderHook(useSavedViews);
    act(() => fromOutside(null));
    act(() => {
      for (let number = 1; number <= 51; number += 1) saveView(`view ${number}`, "/");
    });
    expect(result.current).toHaveLength(50);
    expect(result.current[0]?.name).toBe("view 2");
    act(() => saveView("x".repeat(61), "/"));
    expect(result.current.at(-1)?.name).toBe("view 51");
  });

  it("last as long as the page where the browser keeps nothing", () => {
    const { result } = renderHook(useSavedViews);
    act(() => fromOutside(null));
    const set = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    act(() => saveView("Costs", "/models"));
    expect(result.current).toEqual([{ name: "Costs", address: "/models" }]);
    set.mockRestore();
  });
});
