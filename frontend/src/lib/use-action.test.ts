import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Problem } from "@/api/problem.ts";
import { useAction } from "@/lib/use-action.ts";

it("does a thing once at a time, however often it is pressed", async () => {
  let finish = () => {};
  const deed = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const { result } = renderHook(() => useAction(deed));
  let first: Promise<boolean> | undefined;
  let second: Promise<boolean> | undefined;
  act(() => {
    first = result.current.run();
    second = result.current.run();
  });
  expect(result.current.isRunning).toBe(true);
  finish();
  await act(async () => expect([await first, await second]).toEqual([true, false]));
  expect(deed).toHaveBeenCalledTimes(1);
  expect(result.current.isRunning).toBe(false);
});

it("keeps why it was refused until the next try, or until that is forgotten", async () => {
  const refused = new Problem("limited");
  const { result } = renderHook(() => useAction(() => Promise.reject(refused)));
  await act(async () => expect(await result.current.run()).toBe(false));
  expect(result.current.problem).toBe(refused);
  act(() => result.current.forget());
  expect(result.current.problem).toBeNull();
});

it("takes a mistake of ours for what it is", async () => {
  const { result } = renderHook(() => useAction(() => Promise.reject(new RangeError("oops"))));
  await act(() => result.current.run());
  expect(result.current.problem).toMatchObject({ kind: "broken" });
});
