import clsx from "clsx";
import { X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useId, useRef } from "react";
import { useLanguage } from "@/lib/language.tsx";
import { IconButton } from "@/ui/button.tsx";

const WIDTHS = { small: "max-w-lg", middle: "max-w-2xl", large: "max-w-5xl" };
const CLOSE = { en: "Close", ru: "Закрыть" };

/**
 * A modal of the browser's own: it keeps the focus, closes by Esc or a press beside it, and gives
 * the focus back. What bears `data-autofocus` has the focus first.
 */
export function Dialog({
  title,
  onClose,
  children,
  size = "small",
  isAtTop = false,
  bare = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: keyof typeof WIDTHS;
  /** Near the upper edge, so that it does not jump while its height changes. */
  isAtTop?: boolean;
  /** The title is there for those who hear the page alone, and there is no button to close it. */
  bare?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { language } = useLanguage();
  useModal(element);
  return (
    <dialog
      ref={element}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
      onPointerDown={(event) => isBeside(event.nativeEvent, element.current) && onClose()}
      className={clsx(
        "max-h-[90dvh] w-[calc(100vw-2rem)] overflow-auto rounded-2xl border border-line bg-sheet shadow-sheet",
        WIDTHS[size],
        isAtTop && "mt-[min(12dvh,8rem)]",
      )}
    >
      <div className={bare ? "" : "p-5"}>
        <div className={bare ? "sr-only" : "mb-3 flex items-start justify-between gap-4"}>
          <h2 id={heading} className="text-lg font-semibold">
            {title}
          </h2>
          {!bare && (
            <IconButton label={CLOSE[language]} onClick={onClose}>
              <X size={18} aria-hidden />
            </IconButton>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** Its end comes by unmounting, which the browser does not take for a reason to return the focus. */
function useModal(element: RefObject<HTMLDialogElement | null>): void {
  const before = useRef<Element>(null);
  useEffect(() => {
    const opened = element.current;
    if (!opened) return;
    if (!opened.open) {
      before.current = document.activeElement;
      opened.showModal();
    }
    opened.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      const { current } = before;
      if (current instanceof HTMLElement && current.isConnected) current.focus();
    };
  }, [element]);
}

function isBeside(event: PointerEvent, dialog: HTMLDialogElement | null): boolean {
  if (!dialog || event.target !== dialog) return false;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < left || x > right || y < top || y > bottom;
}
