import { useSyncExternalStore } from "react";
import { keep, kept } from "@/lib/kept.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");
system.addEventListener("change", apply);

export function useTheme(): Theme {
  return useSyncExternalStore(listen, chosenTheme);
}

export function chooseTheme(theme: Theme): void {
  keep("theme", theme === "system" ? null : theme);
  apply();
}

function chosenTheme(): Theme {
  const chosen = kept("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

/** What public/theme.js has done before the first paint. */
function apply(): void {
  const chosen = chosenTheme();
  const shown = chosen === "system" ? (system.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset.theme = shown;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
