import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Frame } from "@/charts/types.ts";

const UNKNOWN_WIDTH = 640;
const SMALL = 0.75; // of the page's letters

/** The room that the page gives a chart, measured before it is painted and whenever it changes. */
export function useFrame(height: number): [RefObject<HTMLDivElement | null>, Frame] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measured = box.current;
    if (!measured) return;
    const measure = () => setWidth(Math.floor(measured.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, []);
  return [box, { width: width || UNKNOWN_WIDTH, height, em: SMALL * lettersOf() }];
}

function lettersOf(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}
