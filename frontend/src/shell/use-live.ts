import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { Problem } from "@/api/problem.ts";
import { meQuery } from "@/api/queries.ts";
import { type LiveState, LiveStream } from "@/shell/live-stream.ts";

export type Live = {
  state: LiveState;
  /** How often there was news: a change is worth a pulse. */
  news: number;
  toggle: () => void;
};

/** At most so often the page's numbers are asked for again; without news at least so often. */
const OFTEN_MS = 10_000;
const SELDOM_MS = 60_000;

/** Live mode: while it is on, the numbers follow what happens. */
export function useLive(): Live {
  const client = useQueryClient();
  const [isOn, setIsOn] = useState(false);
  const [state, setState] = useState<LiveState>("off");
  const [news, setNews] = useState(0);
  useEffect(() => {
    if (!isOn) return;
    const refresh = spaced(() => refreshStats(client), OFTEN_MS);
    const stream = new LiveStream({
      state: setState,
      news: () => {
        setNews((count) => count + 1);
        refresh.ask();
      },
      refused: () => void client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => {}),
    });
    const heartbeat = setInterval(() => document.hidden || refresh.ask(), SELDOM_MS);
    stream.start();
    return () => {
      stream.stop();
      clearInterval(heartbeat);
      refresh.cancel();
    };
  }, [client, isOn]);
  return { state, news, toggle: useCallback(() => setIsOn((was) => !was), []) };
}

/** Does `act` at once, or as soon as `interval` has passed since the last time. */
export function spaced(act: () => void, interval: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const now = () => {
    timer = undefined;
    last = performance.now();
    act();
  };
  return {
    ask: () => {
      timer ??= setTimeout(now, Math.max(0, last + interval - performance.now()));
    },
    cancel: () => clearTimeout(timer),
  };
}

function refreshStats(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ["stats"], predicate: mayAsk });
}

/** Those that were told to wait ask by themselves when they may. */
function mayAsk(query: Query): boolean {
  const { error } = query.state;
  return !(error instanceof Problem && error.kind === "limited");
}
