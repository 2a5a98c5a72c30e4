import { type Query, type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Window } from "@/api/types.ts";
import { DEFAULT_PERIOD, type View } from "@/lib/view.ts";

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

/**
 * The window of the newest answer about the shown time, one that is compared before others. Charts
 * ask about other times, too, to compare with.
 */
export function newestWindow(cache: QueryCache, view: View): Window | null {
  const asked = cache.getAll().filter((query) => query.isActive() && isAbout(query, view));
  const windows = asked.flatMap((query) => windowOf(query.state.data) ?? []);
  return newestOf(windows.filter((window) => window.previous_start)) ?? newestOf(windows);
}

/** As above; while the next view is asked for the first time, still that of the one before. */
export function useNewestWindow(view: View): Window | null {
  const cache = useQueryClient().getQueryCache();
  const last = useRef<Window | null>(null);
  const subscribe = useCallback((changed: () => void) => cache.subscribe(changed), [cache]);
  const found = useSyncExternalStore(subscribe, () => newestWindow(cache, view));
  const isAwaited = useSyncExternalStore(subscribe, () => isFirstAsked(cache));
  useEffect(() => {
    last.current = found ?? last.current;
  }, [found]);
  return found ?? (isAwaited ? last.current : null);
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

function isFirstAsked(cache: QueryCache): boolean {
  return cache.getAll().some((query) => {
    const { status, errorUpdateCount } = query.state;
    return query.isActive() && status === "pending" && errorUpdateCount === 0;
  });
}

/** A question's key has the view that it is about, or its words of time. */
function isAbout(query: Query, view: View): boolean {
  const about = query.queryKey.find((part) => typeof part === "object" && part !== null);
  return about !== undefined && timeOf(about as View) === timeOf(view);
}

function timeOf({ period, from, to, tz }: View): string {
  return [from ?? period ?? DEFAULT_PERIOD, to, tz].join(" ");
}

function newestOf(windows: Window[]): Window | null {
  const moment = (window: Window) => Date.parse(window.as_of);
  return windows.toSorted((one, other) => moment(other) - moment(one))[0] ?? null;
}

/** Of an answer, or of the first of its pages. */
function windowOf(data: unknown): Window | null {
  if (typeof data !== "object" || data === null) return null;
  if ("pages" in data && Array.isArray(data.pages)) return windowOf(data.pages[0]);
  const window = "window" in data ? data.window : null;
  const isWhole = typeof window === "object" && window !== null && "as_of" in window;
  return isWhole ? (window as Window) : null;
}
