const GAP = 6;
const EDGE = 8;

type Box = { left: number; top: number; bottom: number };
type Size = { width: number; height: number };
export type Place = { left: number; top: number; room: number };

/** Below the button, or above where there is more room; never past an edge of the window. */
export function placeFor(from: Box, sheet: Size, view: Size): Place {
  const left = Math.max(EDGE, Math.min(from.left, view.width - sheet.width - EDGE));
  const below = view.height - from.bottom - GAP - EDGE;
  const above = from.top - GAP - EDGE;
  if (sheet.height <= below || below >= above) {
    return { left, top: from.bottom + GAP, room: Math.max(below, 0) };
  }
  const room = Math.max(above, 0);
  return { left, top: Math.max(EDGE, from.top - GAP - Math.min(sheet.height, room)), room };
}

export function place(sheet: HTMLElement, button: HTMLElement | null): void {
  if (!button) return;
  sheet.style.maxHeight = "none";
  const view = { width: innerWidth, height: innerHeight };
  const { left, top, room } = placeFor(
    button.getBoundingClientRect(),
    sheet.getBoundingClientRect(),
    view,
  );
  sheet.style.inset = "auto";
  sheet.style.left = `${left}px`;
  sheet.style.top = `${top}px`;
  sheet.style.maxHeight = `${room}px`;
}
