import type { useRouter } from "@tanstack/react-router";
import {
  Bookmark,
  CalendarRange,
  GitCompareArrows,
  Keyboard,
  Languages,
  Link2,
  ListFilter,
  LogOut,
  type LucideIcon,
  MessageSquare,
  Printer,
  Search,
  SunMoon,
  User,
} from "lucide-react";
import { LANGUAGES, type Language } from "@/lib/language.tsx";
import type { SavedView } from "@/lib/saved-views.ts";
import { THEMES, type Theme } from "@/lib/theme.ts";
import { keepView } from "@/lib/use-view.ts";
import {
  COMPARES,
  PERIODS,
  type View,
  withFilter,
  withoutFilters,
  withPeriod,
} from "@/lib/view.ts";
import { PAGE_NAMES, PAGES } from "@/shell/navigation.ts";
import type { Overlay } from "@/shell/overlay.ts";
import { type Group, PALETTE_WORDS } from "@/shell/palette/words.ts";

export type Command = {
  id: string;
  group: Group;
  title: string;
  /** In the other languages, for those who know a thing by that name. */
  also: string[];
  icon: LucideIcon;
  keys?: string;
  run: () => void;
};

/** What commands act upon. */
export type Means = {
  language: Language;
  change: (to: (view: View) => View) => void;
  navigate: ReturnType<typeof useRouter>["navigate"];
  open: (address: string) => void;
  saved: readonly SavedView[];
  speak: (language: Language) => void;
  chooseTheme: (theme: Theme) => void;
  showOverlay: (overlay: Overlay) => void;
  shareLink: () => void;
  signOut: () => void;
};

/** Everything that can be done from anywhere, in the order of its usefulness. */
export function commandsOf(means: Means): Command[] {
  return [
    ...pages(means),
    ...times(means),
    ...comparisons(means),
    ...savedViews(means),
    ...actions(means),
    ...forms(means),
  ];
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** What typed text itself may mean: somebody's id, a dialog's, or words to look for. */
export function commandsFor(typed: string, means: Means): Command[] {
  const text = typed.trim();
  if (text === "") return [];
  return UUID.test(text) ? byId(text.toLowerCase(), means) : byWords(text, means);
}

function pages({ language, navigate }: Means): Command[] {
  return PAGES.map(({ id, to, icon, key }) => ({
    id: `page-${id}`,
    group: "pages",
    title: PAGE_NAMES[language][id],
    also: [PAGE_NAMES.en[id], PAGE_NAMES.ru[id]],
    icon,
    keys: `G ${key.toUpperCase()}`,
    run: () => void navigate({ to, search: keepView as never }),
  }));
}

function times({ language, change }: Means): Command[] {
  return PERIODS.map((period) => ({
    id: `period-${period}`,
    group: "time",
    ...said(language, (words) => words.periods[period]),
    icon: CalendarRange,
    keys: period[0]?.toUpperCase() ?? "",
    run: () => change((view) => withPeriod(view, period)),
  }));
}

function comparisons({ language, change }: Means): Command[] {
  return COMPARES.map((compare) => ({
    id: `compare-${compare}`,
    group: "time",
    ...said(language, (words) => words.compares[compare]),
    icon: GitCompareArrows,
    ...(compare === "none" ? { keys: "X" } : {}),
    run: () => change((view) => ({ ...view, compare })),
  }));
}

function savedViews({ saved, open }: Means): Command[] {
  return saved.map(({ name, address }) => ({
    id: `saved-${name}`,
    group: "saved",
    title: name,
    also: [],
    icon: Bookmark,
    run: () => open(address),
  }));
}

function actions({ language, change, shareLink, showOverlay, signOut }: Means): Command[] {
  const one = (name: "link" | "clear" | "print" | "keys" | "out", icon: LucideIcon) => ({
    id: name,
    group: "actions" as const,
    ...said(language, (words) => words.actions[name]),
    icon,
  });
  return [
    { ...one("link", Link2), run: shareLink },
    { ...one("clear", ListFilter), keys: "Esc", run: () => change(withoutFilters) },
    { ...one("print", Printer), run: () => setTimeout(() => print()) },
    { ...one("keys", Keyboard), keys: "?", run: () => showOverlay("shortcuts") },
    { ...one("out", LogOut), run: signOut },
  ];
}

function forms({ language, speak, chooseTheme }: Means): Command[] {
  return [
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      group: "form" as const,
      ...said(language, (words) => words.themes[theme]),
      icon: SunMoon,
      run: () => chooseTheme(theme),
    })),
    ...LANGUAGES.map((spoken) => ({
      id: `language-${spoken}`,
      group: "form" as const,
      ...said(language, (words) => words.languages[spoken]),
      icon: Languages,
      run: () => speak(spoken),
    })),
  ];
}

function byId(id: string, { language, navigate, change }: Means): Command[] {
  const words = PALETTE_WORDS[language];
  const one = { group: "found" as const, also: [id] };
  return [
    {
      ...one,
      id: "open-user",
      title: words.openUser(id),
      icon: User,
      run: () =>
        void navigate({ to: "/users/$userId", params: { userId: id }, search: keepView as never }),
    },
    {
      ...one,
      id: "open-dialog",
      title: words.openDialog(id),
      icon: MessageSquare,
      run: () =>
        void navigate({
          to: "/dialogs/$dialogId",
          params: { dialogId: id },
          search: keepView as never,
        }),
    },
    {
      ...one,
      id: "only-user",
      title: words.onlyUser(id),
      icon: ListFilter,
      run: () => change((view) => withFilter(view, "user", id)),
    },
  ];
}

function byWords(text: string, { language, navigate }: Means): Command[] {
  const words = PALETTE_WORDS[language];
  const seek = (to: "/users" | "/dialogs") => () =>
    void navigate({
      to,
      search: ((before: Record<string, unknown>) => ({
        ...keepView(before),
        search: text.slice(0, 100),
      })) as never,
    });
  const one = { group: "found" as const, also: [text], icon: Search };
  return [
    { ...one, id: "seek-users", title: words.seekUsers(text), run: seek("/users") },
    { ...one, id: "seek-dialogs", title: words.seekDialogs(text), run: seek("/dialogs") },
  ];
}

function said(language: Language, say: (words: (typeof PALETTE_WORDS)["en"]) => string) {
  return {
    title: say(PALETTE_WORDS[language]),
    also: LANGUAGES.map((one) => say(PALETTE_WORDS[one])),
  };
}
