import { useEffect } from "react";

export type Keys = Record<string, () => void>;

/** Single keys that act on the whole page; not while somebody writes, nor behind a modal. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTaken(event.target))
        return;
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [keys]);
}

function isTaken(target: EventTarget | null): boolean {
  const isWriting =
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");
  return Boolean(isWriting) || document.querySelector("dialog[open]") !== null;
}
