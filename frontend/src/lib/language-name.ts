import { LOCALE } from "@/lib/format.ts";
import type { Language } from "@/lib/language.tsx";

/** "German" for "de", in the reader's language; a code that names nothing stays as it is. */
export function languageName(code: string, language: Language): string {
  if (code === "") return "";
  try {
    return names(language).of(code) ?? code;
  } catch {
    return code;
  }
}

const known = new Map<Language, Intl.DisplayNames>();

function names(language: Language): Intl.DisplayNames {
  const found =
    known.get(language) ?? new Intl.DisplayNames(LOCALE[language], { type: "language" });
  known.set(language, found);
  return found;
}
