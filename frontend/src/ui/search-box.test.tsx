import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { SearchBox } from "@/ui/search-box.tsx";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function box(sought: string, onSeek: (sought: string) => void) {
  return <SearchBox label="Find" placeholder="…" maxLength={60} sought={sought} onSeek={onSeek} />;
}

function type(text: string) {
  fireEvent.change(screen.getByRole("searchbox", { name: "Find" }), { target: { value: text } });
}

it("tells what is sought once the typing has stopped", () => {
  const onSeek = vi.fn();
  render(box("", onSeek));
  type("qu");
  type("quiet ");
  expect(onSeek).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(400));
  expect(onSeek.mock.calls).toEqual([["quiet"]]);
});

it("tells at once by Enter, and only once", () => {
  const onSeek = vi.fn();
  render(box("", onSeek));
  type("otter");
  fireEvent.submit(screen.getByRole("searchbox"));
  act(() => void vi.advanceTimersByTime(400));
  expect(onSeek.mock.calls).toEqual([["otter"]]);
});

it("keeps what is typed while the address follows, and takes an address of somebody else", () => {
  const onSeek = vi.fn();
  const { rerender } = render(box("", onSeek));
  type("quiet");
  act(() => void vi.advanceTimersByTime(400));
  type("quiet o");
  rerender(box("quiet", onSeek));
  expect(screen.getByRole("searchbox")).toHaveValue("quiet o");
  rerender(box("", onSeek));
  expect(screen.getByRole("searchbox")).toHaveValue("");
  act(() => void vi.advanceTimersByTime(400));
  expect(onSeek.mock.calls).toEqual([["quiet"]]);
});
