import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { meQuery } from "@/api/queries.ts";
import { Following } from "@/shell/follow.ts";
import { type LiveState, LiveStream } from "@/shell/live-stream.ts";

export type Live = {
  state: LiveState;
  /** How often there was news: a change is worth a pulse. */
  news: number;
  toggle: () => void;
};

/** Live mode: while it is on, numbers and lists follow what happens. */
export function useLive(): Live {
  const client = useQueryClient();
  const [isOn, setIsOn] = useState(false);
  const [state, setState] = useState<LiveState>("off");
  const [news, setNews] = useState(0);
  useEffect(() => {
    if (!isOn) return;
    const following = new Following(client);
    const stream = new LiveStream({
      state: setState,
      news: () => {
        setNews((count) => count + 1);
        following.news();
      },
      refused: () => void client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => {}),
    });
    following.start();
    stream.start();
    return () => {
      stream.stop();
      following.stop();
    };
  }, [client, isOn]);
  return { state, news, toggle: useCallback(() => setIsOn((was) => !was), []) };
}
