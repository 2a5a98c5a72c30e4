import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { KEPT } from "@/features/settings/browser-words.ts";
import { keep, kept } from "@/lib/kept.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { forgetView, type SavedView, useSavedViews } from "@/lib/saved-views.ts";
import { shownName } from "@/lib/shown-name.ts";
import { chooseTheme, useTheme } from "@/lib/theme.ts";
import { Button, IconButton } from "@/ui/button.tsx";
import { LANGUAGE_NAMES, LOOKS_WORDS } from "@/ui/looks.tsx";
import { Name } from "@/ui/name.tsx";
import { Sheet } from "@/ui/panel.tsx";

/** What is in this browser's storage, in words, and the way to get rid of it. */
export function KeptPanel({ hasKeys, onForget }: { hasKeys: boolean; onForget: () => void }) {
  const words = useWords(KEPT);
  const { themes } = useWords(LOOKS_WORDS);
  const { language } = useLanguage();
  const theme = useTheme();
  const views = useSavedViews();
  const [isForgotten, setForgotten] = useState(false);
  const forget = () => {
    forgetAll(views);
    setForgotten(true);
    onForget();
  };
  return (
    <Sheet
      title={words.title}
      note={words.note}
      actions={<Button onClick={forget}>{words.forgetAll}</Button>}
    >
      <p role="status" className="text-sm font-medium text-good">
        {isForgotten && words.forgotten}
      </p>
      <dl className="space-y-3 text-sm">
        <Fact title={words.session.title}>{words.session.note}</Fact>
        <Fact title={words.theme}>{theme === "system" ? words.notChosen : themes[theme]}</Fact>
        <Fact title={words.language}>
          {kept("language") ? LANGUAGE_NAMES[language] : words.notChosen}
        </Fact>
        <Fact title={words.keys}>{hasKeys ? words.keysOn : words.keysOff}</Fact>
        <Fact title={words.views}>
          {views.length === 0 ? words.noViews : <Views views={views} />}
        </Fact>
      </dl>
    </Sheet>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="sm:grid sm:grid-cols-[10rem_minmax(0,1fr)] sm:gap-4">
      <dt className="font-medium">{title}</dt>
      <dd className="min-w-0 text-ink-soft">{children}</dd>
    </div>
  );
}

function Views({ views }: { views: readonly SavedView[] }) {
  const words = useWords(KEPT);
  return (
    <ul className="-mt-1.5 divide-y divide-line">
      {views.map(({ name, address }) => (
        <li key={name} className="flex items-center justify-between gap-3">
          <a
            href={address}
            className="min-w-0 truncate py-1.5 text-ink underline underline-offset-4"
          >
            <Name>{name}</Name>
          </a>
          <IconButton label={words.forgetOf(shownName(name))} onClick={() => forgetView(name)}>
            <X size={15} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

/** The language goes with the next visit: a page that changes under the hand helps nobody. */
function forgetAll(views: readonly SavedView[]): void {
  for (const { name } of views) forgetView(name);
  keep("views", null);
  keep("language", null);
  chooseTheme("system");
}
