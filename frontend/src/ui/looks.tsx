import { Monitor, Moon, Sun } from "lucide-react";
import { LANGUAGES, type Language, useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { chooseTheme, THEMES, type Theme, useTheme } from "@/lib/theme.ts";
import { Segmented } from "@/ui/segmented.tsx";

const ICONS = { system: Monitor, light: Sun, dark: Moon };
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", ru: "Русский" };
const SHORT: Record<Language, string> = { en: "EN", ru: "RU" };

/** As the system has it, light or dark; with `brief` as signs alone. */
export function ThemeChoice({ brief = false }: { brief?: boolean }) {
  const words = useWords(LOOKS_WORDS);
  const theme = useTheme();
  return (
    <Segmented<Theme>
      label={words.theme}
      value={theme}
      onChoose={chooseTheme}
      segments={THEMES.map((value) => {
        const Icon = ICONS[value];
        return {
          value,
          hint: words.themes[value],
          title: (
            <>
              <Icon size={15} aria-hidden />
              <span className={brief ? "sr-only" : ""}>{words.themes[value]}</span>
            </>
          ),
        };
      })}
    />
  );
}

export function LanguageChoice({ brief = false }: { brief?: boolean }) {
  const words = useWords(LOOKS_WORDS);
  const { language, speak } = useLanguage();
  return (
    <Segmented<Language>
      label={words.language}
      value={language}
      onChoose={speak}
      segments={LANGUAGES.map((value) => ({
        value,
        hint: LANGUAGE_NAMES[value],
        title: (
          <span lang={value}>
            {brief && <span aria-hidden>{SHORT[value]}</span>}
            <span className={brief ? "sr-only" : ""}>{LANGUAGE_NAMES[value]}</span>
          </span>
        ),
      }))}
    />
  );
}

export const LOOKS_WORDS: Words<{
  theme: string;
  themes: Record<Theme, string>;
  language: string;
}> = {
  en: {
    theme: "Colours",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    language: "Language",
  },
  ru: {
    theme: "Цвета",
    themes: { system: "Как в системе", light: "Светлые", dark: "Тёмные" },
    language: "Язык",
  },
};
