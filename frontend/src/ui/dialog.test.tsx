import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { Dialog } from "@/ui/dialog.tsx";

function Page() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        Open
      </button>
      {isOpen && (
        <Dialog title="Why?" onClose={() => setIsOpen(false)}>
          <input aria-label="Reason" data-autofocus="" />
        </Dialog>
      )}
    </>
  );
}

async function open() {
  render(<Page />);
  await userEvent.click(screen.getByText("Open"));
  return screen.getByRole("dialog", { name: "Why?" });
}

const press = (dialog: HTMLElement, x: number, y: number) =>
  fireEvent.pointerDown(dialog, { clientX: x, clientY: y });

describe("a dialog", () => {
  it("has its name, and the focus where one begins", async () => {
    await open();
    expect(screen.getByLabelText("Reason")).toHaveFocus();
  });

  it("closes by its button and gives the focus back", async () => {
    const dialog = await open();
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(dialog).not.toBeInTheDocument();
    expect(screen.getByText("Open")).toHaveFocus();
  });

  it("closes by Esc, as the browser tells it", async () => {
    const dialog = await open();
    const cancel = createEvent("cancel", dialog, { cancelable: true });
    fireEvent(dialog, cancel);
    expect(cancel.defaultPrevented).toBe(true);
    expect(dialog).not.toBeInTheDocument();
    expect(screen.getByText("Open")).toHaveFocus();
  });

  it("closes by a press beside it, and by none within", async () => {
    const dialog = await open();
    dialog.getBoundingClientRect = () => new DOMRect(100, 100, 400, 300);
    press(dialog, 200, 200);
    press(screen.getByLabelText("Reason"), 0, 0);
    expect(dialog).toBeInTheDocument();
    press(dialog, 50, 200);
    expect(dialog).not.toBeInTheDocument();
  });
});
