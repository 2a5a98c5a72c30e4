import { ChevronsUpDown, Keyboard, LogOut } from "lucide-react";
import { LANGUAGES, useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { useMe } from "@/lib/session.ts";
import { chooseTheme, THEMES, type Theme, useTheme } from "@/lib/theme.ts";
import { openOverlay } from "@/shell/overlay.ts";
import { useSignOut } from "@/shell/use-sign-out.ts";
import { Button } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";
import { Popover } from "@/ui/popover.tsx";
import { Segmented } from "@/ui/segmented.tsx";

/** Who is signed in, and what they may choose for this browser. */
export function AccountMenu() {
  const words = useWords(ACCOUNT_WORDS);
  const me = useMe();
  return (
    <Popover
      trigger={
        <>
          <span className="sr-only">{words.account}: </span>
          <span
            aria-hidden
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent uppercase"
          >
            {[...(me?.name ?? "·")][0]}
          </span>
          <span className="min-w-0 flex-1 max-xl:hidden">
            <Name className="block truncate font-medium">{me?.name ?? "…"}</Name>
            <span className="block text-xs text-ink-soft">{me && words.roles[me.role]}</span>
          </span>
          <ChevronsUpDown size={15} aria-hidden className="text-ink-soft max-xl:hidden" />
        </>
      }
      triggerClass="flex min-h-10 w-full items-center gap-2.5 rounded-lg px-1.5 text-left text-sm hover:bg-well max-xl:justify-center"
      sheetLabel={words.account}
      sheetClass="w-64"
    >
      {(close) => <AccountSheet onDone={close} />}
    </Popover>
  );
}

export function AccountSheet({ onDone }: { onDone: () => void }) {
  const words = useWords(ACCOUNT_WORDS);
  const { language, speak } = useLanguage();
  const theme = useTheme();
  const me = useMe();
  const signOut = useSignOut();
  return (
    <div className="space-y-3">
      {me && (
        <p className="min-w-0 px-1">
          <Name className="block truncate font-medium">{me.name}</Name>
          <span className="text-xs text-ink-soft">{words.roles[me.role]}</span>
        </p>
      )}
      <Segmented
        label={words.theme}
        segments={THEMES.map((value) => ({ value, title: words.themes[value] }))}
        value={theme}
        onChoose={chooseTheme}
      />
      <Segmented
        label={words.language}
        segments={LANGUAGES.map((value) => ({ value, title: words.languages[value] }))}
        value={language}
        onChoose={speak}
      />
      <div className="flex flex-col items-stretch border-t border-line pt-2">
        <Button
          look="quiet"
          className="justify-start!"
          onClick={() => {
            onDone();
            openOverlay("shortcuts");
          }}
        >
          <Keyboard size={16} aria-hidden /> {words.shortcuts}
        </Button>
        <Button look="quiet" className="justify-start!" onClick={signOut}>
          <LogOut size={16} aria-hidden /> {words.signOut}
        </Button>
      </div>
    </div>
  );
}

type Said = {
  account: string;
  roles: Record<"admin" | "analyst", string>;
  theme: string;
  themes: Record<Theme, string>;
  language: string;
  languages: Record<(typeof LANGUAGES)[number], string>;
  shortcuts: string;
  signOut: string;
};

export const ACCOUNT_WORDS: Words<Said> = {
  en: {
    account: "Account and appearance",
    roles: { admin: "Administrator", analyst: "Analyst" },
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    language: "Language",
    languages: { en: "English", ru: "Русский" },
    shortcuts: "Keyboard shortcuts",
    signOut: "Sign out",
  },
  ru: {
    account: "Учётная запись и вид",
    roles: { admin: "Администратор", analyst: "Аналитик" },
    theme: "Тема",
    themes: { system: "Системная", light: "Светлая", dark: "Тёмная" },
    language: "Язык",
    languages: { en: "English", ru: "Русский" },
    shortcuts: "Клавиши",
    signOut: "Выйти",
  },
};
