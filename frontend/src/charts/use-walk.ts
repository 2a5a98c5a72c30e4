import { type KeyboardEvent, useState } from "react";

/** Where somebody is in a chart, by pointer or by keys; null while nobody is. */
export type Walk = {
  place: number | null;
  /** Where the keys begin. */
  home: number;
  /** Whether keys have moved it since the focus came: then it has to be said. */
  isWalked: boolean;
  point: (place: number | null) => void;
  enter: () => void;
  leave: () => void;
  press: (event: KeyboardEvent) => void;
};

export type Steps = Record<string, (place: number) => number>;

/** One tab stop; arrows move within, Escape puts away what is shown. */
export function useWalk(count: number, first: number, steps: Steps): Walk {
  const [place, setPlace] = useState<number | null>(null);
  const [last, setLast] = useState<number | null>(null);
  const [isWalked, setIsWalked] = useState(false);
  const within = (wanted: number) => Math.max(0, Math.min(count - 1, wanted));
  const home = within(last ?? first);
  const go = (to: number | null) => {
    setPlace(to);
    if (to !== null) setLast(to);
  };
  return {
    place: place === null ? null : within(place),
    home,
    isWalked,
    point: (to) => {
      setIsWalked(false);
      go(to);
    },
    enter: () => go(home),
    leave: () => {
      setIsWalked(false);
      go(null);
    },
    press: (event) => {
      if (event.key === "Escape") setPlace(null);
      const step = event.altKey || event.ctrlKey || event.metaKey ? undefined : steps[event.key];
      if (!step) return;
      event.preventDefault();
      setIsWalked(true);
      go(within(step(home)));
    },
  };
}

/** Arrows of a row of `count` places. */
export function stepsOf(count: number): Steps {
  const far = Math.max(1, Math.round(count / 10));
  const last = Math.max(0, count - 1);
  const by = (distance: number) => (place: number) => Math.min(place + distance, last);
  return {
    ArrowLeft: by(-1),
    ArrowRight: by(1),
    PageUp: by(-far),
    PageDown: by(far),
    Home: () => 0,
    End: () => last,
  };
}
