import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Keys, keyOf, turnKeys, useKeys } from "@/lib/keys.ts";

function Page({ keys, children }: { keys: Keys; children?: React.ReactNode }) {
  useKeys(keys);
  return children;
}

const press = (init: KeyboardEventInit, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));

beforeEach(() => turnKeys(true));

describe("a key", () => {
  it.each([
    ["d", "KeyD", "d"],
    ["D", "KeyD", "d"],
    ["в", "KeyD", "d"], // the same place on a Russian keyboard
    ["Й", "KeyQ", "q"],
    ["х", "BracketLeft", "["],
    ["[", "BracketLeft", "["],
    ["?", "Slash", "?"],
    ["?", "Digit7", "?"], // on a Russian keyboard
    ["Escape", "Escape", "Escape"],
    ["k", "KeyT", "k"], // on a Dvorak keyboard
  ])("%s at %s is %s", (key, code, name) => {
    expect(keyOf({ key, code })).toBe(name);
  });
});

describe("keys of the page", () => {
  it("act, with no other key held", () => {
    const d = vi.fn();
    render(<Page keys={{ d }} />);
    press({ key: "d", code: "KeyD" });
    press({ key: "в", code: "KeyD" });
    press({ key: "d", code: "KeyD", ctrlKey: true });
    press({ key: "d", code: "KeyD", metaKey: true });
    press({ key: "d", code: "KeyD", repeat: true });
    expect(d).toHaveBeenCalledTimes(2);
  });

  it("leave alone who writes, and what lies above the page", async () => {
    const d = vi.fn();
    const { rerender } = render(
      <Page keys={{ d }}>
        <input aria-label="box" />
      </Page>,
    );
    await userEvent.type(screen.getByLabelText("box"), "d");
    rerender(
      <Page keys={{ d }}>
        <dialog open />
      </Page>,
    );
    press({ key: "d" });
    rerender(
      <Page keys={{ d }}>
        <div data-popover-open="" />
      </Page>,
    );
    press({ key: "d" });
    expect(d).not.toHaveBeenCalled();
  });

  it("leave alone what somebody else has answered", () => {
    const clear = vi.fn();
    render(<Page keys={{ Escape: clear }} />);
    const take = (event: Event) => event.preventDefault();
    document.body.addEventListener("keydown", take);
    press({ key: "Escape" });
    document.body.removeEventListener("keydown", take);
    expect(clear).not.toHaveBeenCalled();
    press({ key: "Escape" });
    expect(clear).toHaveBeenCalledOnce();
  });

  it("may follow each other, and then mean nothing alone", () => {
    const [models, month] = [vi.fn(), vi.fn()];
    render(
      <>
        <Page keys={{ m: month }} />
        <Page keys={{ "g m": models }} />
      </>,
    );
    press({ key: "g" });
    press({ key: "m" });
    expect([models.mock.calls.length, month.mock.calls.length]).toEqual([1, 0]);
    press({ key: "m" });
    expect(month).toHaveBeenCalledOnce();
    press({ key: "g" });
    press({ key: "z" });
    press({ key: "m" });
    expect([models.mock.calls.length, month.mock.calls.length]).toEqual([1, 2]);
  });

  it("forget the first of two after a while", () => {
    const [models, month] = [vi.fn(), vi.fn()];
    render(<Page keys={{ "g m": models, m: month }} />);
    const now = vi.spyOn(Event.prototype, "timeStamp", "get");
    now.mockReturnValue(1000);
    press({ key: "g" });
    now.mockReturnValue(3000);
    press({ key: "m" });
    now.mockRestore();
    expect([models.mock.calls.length, month.mock.calls.length]).toEqual([0, 1]);
  });

  it("rest when they are turned off, but for Esc", () => {
    const [d, clear] = [vi.fn(), vi.fn()];
    render(<Page keys={{ d, Escape: clear }} />);
    turnKeys(false);
    press({ key: "d" });
    press({ key: "Escape" });
    expect([d.mock.calls.length, clear.mock.calls.length]).toEqual([0, 1]);
  });

  it("go with their page", () => {
    const d = vi.fn();
    render(<Page keys={{ d }} />).unmount();
    press({ key: "d" });
    expect(d).not.toHaveBeenCalled();
  });
});
