import { useRouter } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useSavedViews } from "@/lib/saved-views.ts";
import { chooseTheme } from "@/lib/theme.ts";
import { useView } from "@/lib/use-view.ts";
import { openOverlay } from "@/shell/overlay.ts";
import { CommandList } from "@/shell/palette/command-list.tsx";
import { type Command, commandsFor, commandsOf, type Means } from "@/shell/palette/commands.ts";
import { fitting } from "@/shell/palette/fuzzy.ts";
import { PALETTE_WORDS } from "@/shell/palette/words.ts";
import { shareLink } from "@/shell/share-link.ts";
import { SAVED_WORDS } from "@/shell/toolbar/saved-views.tsx";
import { useSignOut } from "@/shell/use-sign-out.ts";
import { Dialog } from "@/ui/dialog.tsx";

/** Whatever can be done from anywhere, by typing a few letters of it. */
export function Palette({ onClose }: { onClose: () => void }) {
  const words = useWords(PALETTE_WORDS);
  const list = useId();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const found = useFound(typed);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const next = moved(event.key, chosen, found.length);
    if (next !== null) {
      event.preventDefault();
      setChosen(next);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <Dialog title={words.title} onClose={onClose} bare isAtTop size="middle">
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search size={18} aria-hidden className="shrink-0 text-ink-soft" />
        <input
          role="combobox"
          aria-label={words.placeholder}
          aria-expanded="true"
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
          data-autofocus=""
          value={typed}
          placeholder={words.placeholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          onChange={(event) => {
            setTyped(event.target.value);
            setChosen(0);
          }}
          onKeyDown={press}
          className="min-h-13 w-full bg-transparent outline-none placeholder:text-ink-faint"
        />
      </div>
      <CommandList
        id={list}
        commands={found}
        chosen={chosen}
        isGrouped={typed.trim() === ""}
        onChoose={setChosen}
        onRun={run}
      />
      <p role="status" className="sr-only">
        {found.length > 0 ? words.results(found.length) : words.none}
      </p>
    </Dialog>
  );
}

/** The place after a key, round about; null where the key does not move. */
export function moved(key: string, from: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return (from + 1) % count;
  if (key === "ArrowUp") return (from - 1 + count) % count;
  if (key === "PageDown") return Math.min(from + 8, count - 1);
  if (key === "PageUp") return Math.max(from - 8, 0);
  return null;
}

function useFound(typed: string): Command[] {
  const means = useMeans();
  return useMemo(() => {
    const known = fitting(typed, commandsOf(means), ({ title, also }) => [title, ...also]);
    return [...known, ...commandsFor(typed, means)];
  }, [typed, means]);
}

function useMeans(): Means {
  const { navigate, history } = useRouter();
  const { language, speak } = useLanguage();
  const link = useWords(SAVED_WORDS);
  const saved = useSavedViews();
  const signOut = useSignOut();
  const [, change] = useView();
  const latest = useRef(change);
  useEffect(() => {
    latest.current = change;
  }, [change]);
  return useMemo(
    () => ({
      language,
      change: (to) => latest.current(to),
      navigate,
      open: (address) => history.push(address),
      saved,
      speak,
      chooseTheme,
      showOverlay: openOverlay,
      shareLink: () => void shareLink(link),
      signOut,
    }),
    [language, navigate, history, saved, speak, link, signOut],
  );
}
