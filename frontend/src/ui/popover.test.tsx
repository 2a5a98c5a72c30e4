import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Popover } from "@/ui/popover.tsx";

function Page({ isOpen, onOpen }: { isOpen?: boolean; onOpen?: (isOpen: boolean) => void }) {
  return (
    <>
      <Popover
        trigger="Open"
        sheetLabel="Sheet"
        {...(isOpen === undefined ? {} : { isOpen })}
        {...(onOpen ? { onOpen } : {})}
      >
        {(close) => (
          <>
            <button type="button" onClick={close}>
              Take
            </button>
            <button type="button">Other</button>
          </>
        )}
      </Popover>
      <button type="button">After</button>
    </>
  );
}

const trigger = () => screen.getByRole("button", { name: "Open" });
const sheet = () => screen.queryByRole("dialog", { name: "Sheet" });

describe("a popover", () => {
  it("opens by its button, takes the focus, and closes by its button", async () => {
    render(<Page />);
    expect(trigger()).toHaveAttribute("aria-expanded", "false");
    await userEvent.click(trigger());
    expect(sheet()).toBeInTheDocument();
    expect(trigger()).toHaveAttribute("aria-expanded", "true");
    expect(screen.getByText("Take")).toHaveFocus();
    await userEvent.click(trigger());
    expect(sheet()).not.toBeInTheDocument();
  });

  it("gives the focus back when it has done its work", async () => {
    render(<Page />);
    await userEvent.click(trigger());
    await userEvent.click(screen.getByText("Take"));
    expect(sheet()).not.toBeInTheDocument();
    expect(trigger()).toHaveFocus();
  });

  it("closes by Esc and gives the focus back; nobody else hears that Esc", async () => {
    const heard = vi.fn();
    addEventListener("keydown", heard);
    render(<Page />);
    await userEvent.click(trigger());
    await userEvent.keyboard("{Escape}");
    expect(sheet()).not.toBeInTheDocument();
    expect(trigger()).toHaveFocus();
    expect(heard).not.toHaveBeenCalled();
    await userEvent.keyboard("{Escape}");
    expect(heard).toHaveBeenCalledOnce();
    removeEventListener("keydown", heard);
  });

  it("closes by a press elsewhere, which acts there", async () => {
    render(<Page />);
    await userEvent.click(trigger());
    await userEvent.click(screen.getByText("After"));
    expect(sheet()).not.toBeInTheDocument();
    expect(screen.getByText("After")).toHaveFocus();
  });

  it("closes when the focus goes on", async () => {
    render(<Page />);
    await userEvent.click(trigger());
    await userEvent.tab();
    expect(within(sheet() as HTMLElement).getByText("Other")).toHaveFocus();
    await userEvent.tab();
    expect(sheet()).not.toBeInTheDocument();
    expect(screen.getByText("After")).toHaveFocus();
  });

  it("may be opened from outside", async () => {
    const onOpen = vi.fn();
    const { rerender } = render(<Page isOpen={false} onOpen={onOpen} />);
    await userEvent.click(trigger());
    expect(onOpen).toHaveBeenCalledWith(true);
    rerender(<Page isOpen onOpen={onOpen} />);
    await userEvent.click(screen.getByText("Take"));
    expect(onOpen).toHaveBeenLastCalledWith(false);
  });
});
