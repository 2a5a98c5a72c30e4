import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { keep, kept } from "@/lib/kept.ts";

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A feature's words in each language; all languages have to say the same things. */
export type Words<W> = Record<Language, W>;

type Spoken = { language: Language; speak: (language: Language) => void };

const Context = createContext<Spoken>({ language: "en", speak: () => {} });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const speak = useCallback((chosen: Language) => {
    keep("language", chosen);
    setLanguage(chosen);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(() => ({ language, speak }), [language, speak]);
  return <Context value={spoken}>{children}</Context>;
}

export function useLanguage(): Spoken {
  return useContext(Context);
}

export function useWords<W>(words: Words<W>): W {
  return words[useLanguage().language];
}

/** The form of a counted noun: `plural("ru", 3, { one: "ответ", few: "ответа", many: "ответов" })`. */
export function plural(
  language: Language,
  count: number,
  forms: { one: string; few?: string; many?: string; other?: string },
): string {
  const form = new Intl.PluralRules(language).select(count);
  const found = form === "one" || form === "few" || form === "many" ? forms[form] : forms.other;
  return found ?? forms.other ?? forms.many ?? forms.one;
}

function firstLanguage(): Language {
  const wanted = [kept("language"), ...navigator.languages.map((tag) => tag.split("-")[0])];
  return LANGUAGES.find((language) => language === wanted.find(isLanguage)) ?? "en";
}

function isLanguage(value: string | null | undefined): value is Language {
  return LANGUAGES.some((language) => language === value);
}
