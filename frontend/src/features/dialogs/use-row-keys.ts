import { type KeyboardEvent, useMemo, useRef } from "react";
import { useKeys } from "@/lib/keys.ts";

const LINK = "[data-row-link]";

/**
 * J and K take the focus from row to row of the list in `element`, so that Enter opens; the arrows
 * do so where a row has it, and scroll the page elsewhere.
 */
export function useRowKeys() {
  const element = useRef<HTMLDivElement>(null);
  const keys = useMemo(
    () => ({
      j: () => step(element.current, 1),
      k: () => step(element.current, -1),
    }),
    [],
  );
  useKeys(keys);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!direction || !(event.target instanceof Element) || !event.target.matches(LINK)) return;
    event.preventDefault();
    step(element.current, direction);
  };
  return { element, onKeyDown };
}

function step(list: HTMLElement | null, direction: number): void {
  const links = [...(list?.querySelectorAll<HTMLElement>(LINK) ?? [])];
  const row = document.activeElement?.closest("tr");
  const at = links.findIndex((link) => link.closest("tr") === row);
  const first = direction > 0 ? 0 : links.length - 1;
  const next = links[at === -1 ? first : at + direction];
  next?.focus();
  next?.scrollIntoView?.({ block: "nearest" });
}
