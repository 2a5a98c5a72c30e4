import { useSyncExternalStore } from "react";

/** What may lie over the page, one at a time: the palette of commands, or the sheet of keys. */
export type Overlay = "palette" | "shortcuts";

let opened: Overlay | null = null;
const listeners = new Set<() => void>();

export function openOverlay(overlay: Overlay | null): void {
  opened = overlay;
  for (const listener of listeners) listener();
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(listen, () => opened);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
