import clsx from "clsx";
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { place } from "@/ui/place.ts";

const FOCUSABLE =
  "input:not(:disabled), select:not(:disabled), button:not(:disabled), a[href], [tabindex='0']";

/**
 * A button that opens a small sheet beside it, above everything else. It takes the focus, closes by
 * Esc, a click elsewhere or when the focus leaves it, and gives the focus back. `children` may close
 * it by the function they are given; whoever wants to open it by a key gives `isOpen` and `onOpen`.
 */
export function Popover({
  trigger,
  triggerClass,
  label,
  sheetLabel,
  sheetClass,
  isOpen: isOpenOutside,
  onOpen,
  children,
}: {
  trigger: ReactNode;
  triggerClass?: string;
  /** The button's name, where `trigger` has no words. */
  label?: string;
  sheetLabel: string;
  sheetClass?: string;
  isOpen?: boolean;
  onOpen?: (isOpen: boolean) => void;
  children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpenHere, setIsOpenHere] = useState(false);
  const isOpen = isOpenOutside ?? isOpenHere;
  const open = onOpen ?? setIsOpenHere;
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-haspopup="dialog"
        aria-label={label}
        title={label}
        onClick={() => open(!isOpen)}
        className={triggerClass}
      >
        {trigger}
      </button>
      {isOpen && (
        <Opened
          id={id}
          button={button}
          label={sheetLabel}
          className={sheetClass}
          close={() => open(false)}
        >
          {children}
        </Opened>
      )}
    </>
  );
}

function Opened({
  id,
  button,
  label,
  className,
  close,
  children,
}: {
  id: string;
  button: RefObject<HTMLButtonElement | null>;
  label: string;
  className: string | undefined;
  close: () => void;
  children: (close: () => void) => ReactNode;
}) {
  const sheet = useRef<HTMLDivElement>(null);
  useShown(sheet, button);
  useClosing(sheet, button, close);
  const closeAndReturn = () => {
    close();
    button.current?.focus();
  };
  return (
    <div
      ref={sheet}
      id={id}
      popover="manual"
      role="dialog"
      aria-label={label}
      data-popover-open=""
      tabIndex={-1}
      onBlur={(event) => {
        const to = event.relatedTarget;
        if (to instanceof Node && !sheet.current?.contains(to) && to !== button.current) close();
      }}
      className={clsx(
        "m-0 max-w-[calc(100vw-1rem)] overflow-auto rounded-xl border border-line bg-raised p-3 text-sm text-ink shadow-sheet outline-none",
        className,
      )}
    >
      {children(closeAndReturn)}
    </div>
  );
}

type Anchor = RefObject<HTMLElement | null>;

/** Shows it beside its button, wherever that goes, and puts the focus into it. */
function useShown(sheet: Anchor, button: Anchor): void {
  useEffect(() => {
    const shown = sheet.current;
    if (!shown) return;
    shown.showPopover();
    const settle = () => place(shown, button.current);
    settle();
    const first = shown.querySelector<HTMLElement>("[data-autofocus]") ?? firstIn(shown);
    (first ?? shown).focus({ preventScroll: true });
    const grown = new ResizeObserver(settle);
    grown.observe(shown);
    addEventListener("resize", settle);
    addEventListener("scroll", settle, true);
    return () => {
      grown.disconnect();
      removeEventListener("resize", settle);
      removeEventListener("scroll", settle, true);
    };
  }, [sheet, button]);
}

function firstIn(shown: HTMLElement): HTMLElement | null {
  return shown.querySelector<HTMLElement>(FOCUSABLE);
}

/** Esc closes the sheet and nothing below it; a click elsewhere acts there, too. */
function useClosing(sheet: Anchor, button: Anchor, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
      button.current?.focus();
    };
    const point = (event: Event) => {
      const at = event.target;
      if (at instanceof Node && (sheet.current?.contains(at) || button.current?.contains(at)))
        return;
      latest.current();
    };
    document.addEventListener("keydown", press, true);
    document.addEventListener("pointerdown", point, true);
    return () => {
      document.removeEventListener("keydown", press, true);
      document.removeEventListener("pointerdown", point, true);
    };
  }, [sheet, button]);
}
