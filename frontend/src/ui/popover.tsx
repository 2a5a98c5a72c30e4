import clsx from "clsx";
import { type ReactNode, useId, useRef, useState } from "react";

const GAP = 6;
const EDGE = 8;

/**
 * A button that opens a small sheet beside it: the browser's own popover, which closes by Esc or a
 * click elsewhere. `children` may close it by the function they are given.
 */
export function Popover({
  trigger,
  triggerClass,
  label,
  sheetLabel,
  sheetClass,
  children,
}: {
  trigger: ReactNode;
  triggerClass?: string;
  /** The button's name, where `trigger` has no words. */
  label?: string;
  sheetLabel: string;
  sheetClass?: string;
  children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        aria-label={label}
        title={label}
        className={triggerClass}
      >
        {trigger}
      </button>
      <div
        ref={sheet}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={sheetLabel}
        onToggle={(event) => {
          setIsOpen(event.newState === "open");
          if (event.newState === "open") place(sheet.current, button.current);
        }}
        className={clsx(
          "m-0 max-w-[calc(100vw-1rem)] overflow-auto rounded-xl border border-line bg-raised p-3 text-sm text-ink shadow-sheet",
          sheetClass,
        )}
      >
        {isOpen && children(() => sheet.current?.hidePopover())}
      </div>
    </>
  );
}

/** Below the button, or above where there is no room; never past the edge of the window. */
function place(sheet: HTMLElement | null, button: HTMLElement | null): void {
  if (!sheet || !button) return;
  requestAnimationFrame(() => {
    const from = button.getBoundingClientRect();
    const { width, height } = sheet.getBoundingClientRect();
    const left = Math.max(EDGE, Math.min(from.left, innerWidth - width - EDGE));
    const isRoomBelow = from.bottom + GAP + height < innerHeight || from.top < height;
    const top = isRoomBelow ? from.bottom + GAP : from.top - GAP - height;
    sheet.style.inset = "auto";
    sheet.style.left = `${left}px`;
    sheet.style.top = `${Math.max(EDGE, top)}px`;
    sheet.style.maxHeight = `${innerHeight - Math.max(EDGE, top) - EDGE}px`;
  });
}
