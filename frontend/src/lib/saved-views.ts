import { useSyncExternalStore } from "react";
import * as v from "valibot";
import { keep, kept } from "@/lib/kept.ts";

/** Views that somebody has given a name; they stay in this browser, and are addresses of pages. */
export type SavedView = v.InferOutput<typeof SavedView>;

export const LONGEST_NAME = 60;
const MOST = 50;

const SavedView = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LONGEST_NAME)),
  address: v.pipe(v.string(), v.regex(/^\/(?![/\\])/), v.maxLength(2000)),
});

let views: readonly SavedView[] = read();
const listeners = new Set<() => void>();

export function useSavedViews(): readonly SavedView[] {
  return useSyncExternalStore(listen, () => views);
}

/** Under a name that exists already, the newer view takes the older one's place. */
export function saveView(name: string, address: string): void {
  const saved = v.safeParse(SavedView, { name, address });
  if (!saved.success) return;
  write([...views.filter((view) => view.name !== saved.output.name), saved.output].slice(-MOST));
}

export function forgetView(name: string): void {
  write(views.filter((view) => view.name !== name));
}

function write(changed: readonly SavedView[]): void {
  views = changed;
  keep("views", JSON.stringify(changed));
  for (const listener of listeners) listener();
}

/** What is kept may have been written by an older version, or by hand. */
function read(): readonly SavedView[] {
  try {
    const found: unknown = JSON.parse(kept("views") ?? "[]");
    const list = Array.isArray(found) ? found : [];
    return list
      .map((one) => v.safeParse(SavedView, one))
      .flatMap((one) => (one.success ? [one.output] : []))
      .slice(-MOST);
  } catch {
    return [];
  }
}

/** Another window of this browser may save and forget, too. */
function listen(listener: () => void): () => void {
  const reread = () => {
    views = read();
    listener();
  };
  listeners.add(listener);
  addEventListener("storage", reread);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", reread);
  };
}
