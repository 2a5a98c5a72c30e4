import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import type { Walk } from "@/charts/use-walk.ts";

type Finder = (x: number, y: number) => number | null;

/**
 * The pointer's way through a chart. A mouse shows what it is over, and its press follows the link
 * there. A finger shows what it touches, and follows the link when it touches that again.
 */
export function usePointing(
  box: RefObject<HTMLElement | null>,
  walk: Walk,
  find: Finder,
  /** Where the link lies, if there is one. */
  linked: number | null,
) {
  const isFirstTouch = useRef(false);
  useTouchElsewhere(box, walk);
  const placeOf = (event: MouseEvent) => {
    const edge = box.current?.getBoundingClientRect();
    return edge ? find(event.clientX - edge.left, event.clientY - edge.top) : null;
  };
  return {
    onPointerMove: (event: PointerEvent) => walk.point(placeOf(event)),
    onPointerDown: (event: PointerEvent) => {
      const place = placeOf(event);
      isFirstTouch.current = event.pointerType === "touch" && place !== walk.place;
      walk.point(place);
    },
    onPointerLeave: (event: PointerEvent) => {
      if (event.pointerType !== "touch") walk.leave();
    },
    onClickCapture: (event: MouseEvent) => {
      const isOnLink = event.target instanceof Element && event.target.closest("a") !== null;
      if (isFirstTouch.current) {
        event.preventDefault();
        event.stopPropagation();
      } else if (!isOnLink && linked !== null && placeOf(event) === linked) {
        box.current?.querySelector("a")?.click();
      }
      isFirstTouch.current = false;
    },
  };
}

/** A finger does not hover: what it has shown goes when it touches something else. */
function useTouchElsewhere(box: RefObject<HTMLElement | null>, { place, leave }: Walk): void {
  const latest = useRef(leave);
  latest.current = leave;
  const isShown = place !== null;
  useEffect(() => {
    if (!isShown) return;
    const touch = (event: globalThis.PointerEvent) => {
      const isInside = event.target instanceof Node && box.current?.contains(event.target);
      if (event.pointerType === "touch" && !isInside) latest.current();
    };
    document.addEventListener("pointerdown", touch);
    return () => document.removeEventListener("pointerdown", touch);
  }, [isShown, box]);
}
