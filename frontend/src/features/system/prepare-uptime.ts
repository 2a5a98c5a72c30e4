import { LOCALE } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** In the two largest units that say something: "3 days 4 hr", "12 sec". */
export function formatUptime(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  const [main, next] = first < 0 ? [UNITS[3]] : UNITS.slice(first, first + 2);
  if (!main) return "";
  const parts = [[Math.floor(whole / main[1]), main[0]] as const];
  const rest = next && Math.floor((whole % main[1]) / next[1]);
  if (next && rest) parts.push([rest, next[0]]);
  return parts.map(([count, unit]) => written(count, unit, language)).join(" ");
}

function written(count: number, unit: string, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], {
    style: "unit",
    unit,
    unitDisplay: "short",
  }).format(count);
}
