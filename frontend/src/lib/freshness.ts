import { hashKey, type Query, type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Window } from "@/api/types.ts";
import type { View } from "@/lib/view.ts";

/**
 * How old the shown numbers are: by the server's clock when they were counted, and since then by
 * the time that has passed here. What the clock of this computer says does not matter.
 */
const receivedAt = new WeakMap<Window, number>();

/** For the cache of queries to tell each answer that has come. */
export function noteAnswer(data: unknown): void {
  const window = windowOf(data);
  if (window) receivedAt.set(window, performance.now());
}

/** The window of the newest answer that the page shows, this view's before another's. */
export function newestWindow(cache: QueryCache, view: View): Window | null {
  const shown = cache.getAll().filter((query) => query.isActive() && windowOf(query.state.data));
  const wanted = hashKey([view]);
  const fitting = shown.filter((query) => query.queryKey.some((part) => isView(part, wanted)));
  const compared = shown.filter((query) => windowOf(query.state.data)?.previous_start);
  return newestOf(fitting) ?? newestOf(compared) ?? newestOf(shown);
}

/** As above; while the next view is fetched, still that of the one before. */
export function useNewestWindow(view: View): Window | null {
  const cache = useQueryClient().getQueryCache();
  const last = useRef<Window | null>(null);
  const subscribe = useCallback((changed: () => void) => cache.subscribe(changed), [cache]);
  const found = useSyncExternalStore(subscribe, () => newestWindow(cache, view));
  useEffect(() => {
    last.current = found ?? last.current;
  }, [found]);
  return found ?? last.current;
}

/** Seconds since the answer with this window came; counts by itself. */
export function useAge(window: Window | null): number {
  const [age, setAge] = useState(0);
  useEffect(() => {
    const look = () => setAge(window ? ageOf(window) : 0);
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [window]);
  return age;
}

export function ageOf(window: Window): number {
  return (performance.now() - (receivedAt.get(window) ?? performance.now())) / 1000;
}

function isView(part: unknown, wanted: string): boolean {
  return typeof part === "object" && part !== null && hashKey([part]) === wanted;
}

function newestOf(queries: Query[]): Window | null {
  const windows = queries.flatMap((query) => windowOf(query.state.data) ?? []);
  const moment = (window: Window) => Date.parse(window.as_of);
  return windows.sort((one, other) => moment(other) - moment(one))[0] ?? null;
}

/** Of an answer, or of the first of its pages. */
function windowOf(data: unknown): Window | null {
  if (typeof data !== "object" || data === null) return null;
  if ("pages" in data && Array.isArray(data.pages)) return windowOf(data.pages[0]);
  const window = "window" in data ? data.window : null;
  const isWhole = typeof window === "object" && window !== null && "as_of" in window;
  return isWhole ? (window as Window) : null;
}
