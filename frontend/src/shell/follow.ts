import type { Query, QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem.ts";
import { Hand } from "@/shell/hand.ts";

/** At most so often the page is asked for again; without news at least so often. */
const OFTEN_MS = 10_000;
const SELDOM_MS = 60_000;
/** The API allows a reader a thousand questions in an hour, this page's and all others. */
const FOR_EACH_MS = 5000;
const LOOK_MS = 1000;

/**
 * Asks again for what the page shows: its numbers, and its lists with all the pages that were loaded.
 * A list whose rows somebody is about to press waits until they are left alone.
 */
export class Following {
  readonly #client: QueryClient;
  readonly #hand = new Hand();
  readonly #refresh = spaced(() => this.#askNumbers());
  #timers: ReturnType<typeof setInterval>[] = [];
  /** Lists that are older are to be asked for. */
  #since = 0;

  constructor(client: QueryClient) {
    this.#client = client;
  }

  start(): void {
    this.#hand.watch();
    this.#timers = [
      setInterval(() => document.hidden || this.news(), SELDOM_MS),
      setInterval(() => document.hidden || this.#hand.isOnRows || this.#askLists(), LOOK_MS),
    ];
  }

  stop(): void {
    this.#hand.leave();
    this.#timers.forEach(clearInterval);
    this.#refresh.cancel();
  }

  news(): void {
    this.#refresh.ask();
  }

  /** Gives how long to rest: the longer, the more the page asks. */
  #askNumbers(): number {
    this.#since = Date.now();
    const asked = { queryKey: ["stats"], predicate: mayAsk };
    void this.#client.invalidateQueries(asked, { cancelRefetch: false });
    return Math.max(OFTEN_MS, questionsOf(this.#client) * FOR_EACH_MS);
  }

  #askLists(): void {
    const isOld = ({ state }: Query) => state.dataUpdatedAt < this.#since && state.error === null;
    const asked = { queryKey: ["list"], type: "active", predicate: isOld } as const;
    void this.#client.refetchQueries(asked, { cancelRefetch: false });
  }
}

/** Does `act` at once, or as soon as the rest is over that it gave the last time. */
export function spaced(act: () => number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rested = Number.NEGATIVE_INFINITY;
  const now = () => {
    timer = undefined;
    rested = performance.now() + act();
  };
  return {
    ask: () => {
      timer ??= setTimeout(now, Math.max(0, rested - performance.now()));
    },
    cancel: () => clearTimeout(timer),
  };
}

/** Those that were told to wait ask by themselves when they may. */
function mayAsk({ state: { error } }: Query): boolean {
  return !(error instanceof Problem && error.kind === "limited");
}

/** How many a refresh of the page takes; each page of a list is one. */
function questionsOf(client: QueryClient): number {
  const shown = ["stats", "list"].flatMap((kind) =>
    client.getQueryCache().findAll({ queryKey: [kind], type: "active" }),
  );
  return shown.reduce((sum, { state: { data } }) => sum + pagesOf(data), 0);
}

function pagesOf(data: unknown): number {
  const isList = typeof data === "object" && data !== null && "pages" in data;
  return isList && Array.isArray(data.pages) ? data.pages.length : 1;
}
