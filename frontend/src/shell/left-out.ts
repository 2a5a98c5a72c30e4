import type { AnyRouter } from "@tanstack/react-router";
import { createContext } from "react";
import { parseSearch, stringifySearch } from "@/lib/search.ts";
import { nonsense } from "@/lib/view.ts";

/** The words of an address that its page did not understand, until one goes on. */
export type LeftOut = {
  get: () => readonly string[];
  subscribe: (listener: () => void) => () => void;
  dismiss: () => void;
};

type Moved = {
  location: { pathname: string; search: string };
  action: { type: string };
};

const NOTHING: readonly string[] = [];

export const LeftOutContext = createContext<LeftOut>({
  get: () => NOTHING,
  subscribe: () => () => {},
  dismiss: () => {},
});

/**
 * Watches the addresses that come from outside. The router writes each one anew without the words
 * that it does not know, so they are read before that.
 */
export function watchLeftOut(router: AnyRouter): LeftOut {
  let words: readonly string[] = read(router, router.history.location).wrong;
  const listeners = new Set<() => void>();
  const tell = (changed: readonly string[]) => {
    if (changed.length === 0 && words.length === 0) return;
    words = changed;
    for (const listener of listeners) listener();
  };
  router.history.subscribe(({ location, action }: Moved) => {
    const { wrong } = read(router, location);
    tell(action.type === "REPLACE" ? [...new Set([...words, ...wrong])] : wrong);
  });
  return {
    get: () => words,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dismiss: () => {
      const { pathname, search } = router.history.location;
      const { understood } = read(router, { pathname, search });
      words = NOTHING;
      router.history.replace(pathname + stringifySearch(understood));
      for (const listener of listeners) listener();
    },
  };
}

function read(router: AnyRouter, at: { pathname: string; search: string }) {
  const search = parseSearch(at.search);
  const understood: Record<string, unknown> = {};
  for (const match of router.matchRoutes(at.pathname, search)) {
    const validate = router.routesById[match.routeId]?.options.validateSearch;
    if (typeof validate === "function") Object.assign(understood, validate(search));
  }
  return { understood, wrong: nonsense(search, understood) };
}
