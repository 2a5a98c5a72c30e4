import { useCallback, useRef, useState } from "react";
import { Problem } from "@/api/problem.ts";

export type Action<A extends unknown[]> = {
  /** True once it is done; false if it was refused, or is being done already. */
  run: (...given: A) => Promise<boolean>;
  isRunning: boolean;
  /** Why the last try was refused. */
  problem: Problem | null;
  forget: () => void;
};

/** Something that a press of a button does, once at a time. Nothing of what it is given is kept. */
export function useAction<A extends unknown[]>(act: (...given: A) => Promise<unknown>): Action<A> {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const busy = useRef(false);
  const latest = useRef(act);
  latest.current = act;
  const run = useCallback(async (...given: A) => {
    if (busy.current) return false;
    busy.current = true;
    setRunning(true);
    setProblem(null);
    try {
      await latest.current(...given);
      return true;
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem("broken"));
      return false;
    } finally {
      busy.current = false;
      setRunning(false);
    }
  }, []);
  return { run, isRunning, problem, forget: useCallback(() => setProblem(null), []) };
}
