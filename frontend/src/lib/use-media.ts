import { useCallback, useSyncExternalStore } from "react";

export const NARROW = "(max-width: 47.99rem)";

/** Whether the window is as `query` says, also after it has changed. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
