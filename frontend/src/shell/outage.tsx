import { type Query, type QueryCache, useQueryClient } from "@tanstack/react-query";
import { WifiOff } from "lucide-react";
import { useCallback, useSyncExternalStore } from "react";
import { Problem, type ProblemKind } from "@/api/problem.ts";
import { useWords, type Words } from "@/lib/language.tsx";

type Outage = "offline" | "down";

const SILENT: ProblemKind[] = ["unreachable", "slow", "broken"];

/** Says once that nothing answers, above all the panels that would say it each. */
export function OutageNotice() {
  const words = useWords(WORDS);
  const outage = useOutage();
  if (!outage) return null;
  return (
    <div
      role="alert"
      className="no-print flex items-start gap-3 rounded-xl border border-warn bg-warn-soft px-4 py-3 text-sm"
    >
      <WifiOff size={18} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <p>
        <span className="font-medium">{words[outage]}</span> {words.more}
      </p>
    </div>
  );
}

function useOutage(): Outage | null {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback(
    (changed: () => void) => {
      const forget = cache.subscribe(changed);
      addEventListener("online", changed);
      addEventListener("offline", changed);
      return () => {
        forget();
        removeEventListener("online", changed);
        removeEventListener("offline", changed);
      };
    },
    [cache],
  );
  return useSyncExternalStore(subscribe, () => outageIn(cache, navigator.onLine));
}

/** When the page has learned last, and of every question that failed, that nobody answers. */
export function outageIn(cache: QueryCache, isOnline: boolean): Outage | null {
  const asked = cache.getAll().filter(isAsked);
  const failing = asked.filter(isFailing);
  if (failing.length === 0 || !failing.every(isSilent)) return null;
  if (failing.length < asked.length && !isCutOff(failing, asked)) return null;
  return isOnline ? "down" : "offline";
}

function isAsked(query: Query): boolean {
  const { dataUpdateCount, errorUpdateCount } = query.state;
  return query.isActive() && dataUpdateCount + errorUpdateCount > 0 && query.queryKey[0] !== "me";
}

/** What has no answer at all forgets its error while it is asked again. */
function isFailing({ state }: Query): boolean {
  return state.error !== null || (state.data === undefined && state.errorUpdateCount > 0);
}

function isSilent({ state: { error } }: Query): boolean {
  return error === null || (error instanceof Problem && SILENT.includes(error.kind));
}

/** Some panels may show answers from before the line broke. */
function isCutOff(failing: Query[], asked: Query[]): boolean {
  const isBroken = failing.some(({ state: { error } }) => isKind(error, "unreachable"));
  const lastAnswer = Math.max(...asked.map(({ state }) => state.dataUpdatedAt));
  return isBroken && Math.max(...failing.map(({ state }) => state.errorUpdatedAt)) > lastAnswer;
}

function isKind(error: unknown, kind: ProblemKind): boolean {
  return error instanceof Problem && error.kind === kind;
}

const WORDS: Words<Record<Outage | "more", string>> = {
  en: {
    offline: "This device is offline.",
    down: "The statistics service does not answer.",
    more: "What you see may be old; the page asks again by itself and goes on when it can.",
  },
  ru: {
    offline: "Это устройство не в сети.",
    down: "Служба статистики не отвечает.",
    more: "Показанное может быть старым; страница спрашивает сама и продолжит, когда сможет.",
  },
};
