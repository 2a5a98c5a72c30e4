import type { AnyRouter } from "@tanstack/react-router";
import { createContext } from "react";
import { parseSearch } from "@/lib/search.ts";
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
  let words: readonly string[] = wrongIn(router, router.history.location);
  const listeners = new Set<() => void>();
  const tell = (changed: readonly string[]) => {
    if (changed.length === 0 && words.length === 0) return;
    words = changed;
    for (const listener of listeners) listener();
  };
  router.history.subscribe(({ location, action }: Moved) => {
    const wrong = wrongIn(router, location);
    if (wrong.length > 0 || action.type !== "REPLACE") tell(wrong);
  });
  return {
    get: () => words,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dismiss: () => tell([]),
  };
}

function wrongIn(router: AnyRouter, at: { pathname: string; search: string }): readonly string[] {
  const search = parseSearch(at.search);
  if (Object.keys(search).length === 0) return [];
  const matches = router.matchRoutes(at.pathname, search);
  const understood = matches.map((match) => {
    const validate = router.routesById[match.routeId]?.options.validateSearch;
    return typeof validate === "function" ? validate(search) : {};
  });
  return nonsense(search, Object.assign({}, ...understood));
}
