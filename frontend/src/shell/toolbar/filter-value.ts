import type { Language } from "@/lib/language.tsx";
import { languageName } from "@/lib/language-name.ts";
import type { Filter } from "@/lib/view.ts";

/** A filter's value as people know it: a bot by its name, a language by its own. */
export function filterValueName(
  filter: Exclude<Filter, "user">,
  value: string,
  language: Language,
  bots: Record<string, string | null> | undefined,
): string {
  if (filter === "language") return languageName(value, language);
  const name = filter === "bot" ? bots?.[value] : undefined;
  return name ? `@${name}` : value;
}
