import clsx from "clsx";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useLanguage } from "@/lib/language.tsx";
import { IconButton } from "@/ui/button.tsx";

const CLOSE = { en: "Close", ru: "Закрыть" };

/** A modal of the browser's own: it keeps the focus, closes by Esc, and gives the focus back. */
export function Dialog({
  title,
  onClose,
  children,
  wide = false,
  bare = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  bare?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { language } = useLanguage();
  useEffect(() => {
    const opened = element.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it already; the click is on what lies around
    <dialog
      ref={element}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === element.current && onClose()}
      className={clsx(
        "max-h-[90dvh] w-[calc(100vw-2rem)] overflow-auto rounded-2xl border border-line bg-sheet shadow-sheet",
        wide ? "max-w-5xl" : "max-w-lg",
      )}
    >
      <div className={bare ? "" : "p-5"}>
        <div className={clsx("flex items-start justify-between gap-4", bare && "sr-only")}>
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
