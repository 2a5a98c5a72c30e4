import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { CalendarX } from "lucide-react";
import { useCallback, useSyncExternalStore } from "react";
import { Problem } from "@/api/problem.ts";
import { useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { refusalIn } from "@/lib/refusals.ts";
import { useView } from "@/lib/use-view.ts";
import { type View, withFilter, withPeriod } from "@/lib/view.ts";
import { Button } from "@/ui/button.tsx";

type Way = "zone" | "time" | "person";

const WAYS: Record<string, Way> = {
  unknown_timezone: "zone",
  not_on_the_hour: "zone",
  empty_window: "time",
  window_too_long: "time",
  date_out_of_range: "time",
  user_not_found: "person",
};

const BACK: Record<Way, (view: View) => View> = {
  zone: (view) => ({ ...view, tz: "UTC" }),
  time: (view) => withPeriod(view, "week"),
  person: (view) => withFilter(view, "user", undefined),
};

/** Where all of the page was refused for what the toolbar says: the sentence once, and the way back. */
export function RefusedNotice() {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const [view, change] = useView();
  const problem = useRefused();
  const way = WAYS[problem?.code ?? ""];
  if (!problem || !way || (way === "person" && !view.user)) return null;
  return (
    <div
      role="alert"
      className="no-print flex flex-wrap items-center gap-3 rounded-xl border border-warn bg-warn-soft px-4 py-3 text-sm"
    >
      <CalendarX size={18} aria-hidden className="shrink-0 text-warn" />
      <p className="min-w-0 flex-1 basis-64">{refusalIn(language, problem)}</p>
      <Button onClick={() => change(BACK[way])}>{words[way]}</Button>
    </div>
  );
}

function useRefused(): Problem | null {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((changed: () => void) => cache.subscribe(changed), [cache]);
  return useSyncExternalStore(subscribe, () => refusedIn(cache));
}

function refusedIn(cache: QueryCache): Problem | null {
  const errors = cache
    .getAll()
    .filter((query) => query.isActive() && query.queryKey[0] === "stats")
    .map((query) => query.state.error);
  return errors.find(isRefusal) ?? null;
}

function isRefusal(error: unknown): error is Problem {
  return error instanceof Problem && Object.hasOwn(WAYS, error.code ?? "");
}

const WORDS: Words<Record<Way, string>> = {
  en: { zone: "Take UTC", time: "Take the last 7 days", person: "Clear the filter" },
  ru: { zone: "Взять UTC", time: "Взять последние 7 дней", person: "Убрать фильтр" },
};
