import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Frame } from "@/charts/types.ts";

const UNKNOWN_WIDTH = 640;
const SMALL = 0.75; // of the page's letters

/** The room that the page gives a chart, measured before it is painted and whenever it changes. */
export function useFrame(height: number): [RefObject<HTMLDivElement | null>, Frame] {
  const box = useRef<HTMLDivElement>(null);
  const [{ width, em }, setMeasured] = useState({ width: UNKNOWN_WIDTH, em: 12 });
  useLayoutEffect(() => {
    const measured = box.current;
    if (!measured) return;
    const measure = () => {
      const now = { width: Math.floor(measured.clientWidth) || UNKNOWN_WIDTH, em: smallLetters() };
      setMeasured((was) => (was.width === now.width && was.em === now.em ? was : now));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    return () => observer.disconnect();
  }, []);
  return [box, useMemo(() => ({ width, height, em }), [width, height, em])];
}

function smallLetters(): number {
  return SMALL * (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);
}
