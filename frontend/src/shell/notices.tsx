import { CircleHelp, X } from "lucide-react";
import { useContext, useSyncExternalStore } from "react";
import { LOCALE } from "@/lib/format.ts";
import { type Language, useLanguage, useWords, type Words } from "@/lib/language.tsx";
import { shownName } from "@/lib/shown-name.ts";
import { LeftOutContext } from "@/shell/left-out.ts";
import { IconButton } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";

const SHOWN = 5;
const LONGEST = 60;

/** Says what of the address was not understood, so that nobody believes it counts. */
export function LeftOutNotice() {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const leftOut = useContext(LeftOutContext);
  const left = useSyncExternalStore(leftOut.subscribe, leftOut.get);
  if (left.length === 0) return null;
  return (
    <div
      role="status"
      className="no-print flex items-center gap-2 rounded-xl bg-well py-1 pr-1 pl-3 text-sm text-ink-soft"
    >
      <CircleHelp size={16} aria-hidden className="shrink-0" />
      <p className="min-w-0 flex-1 break-words">
        {words.leftOut} <Name className="text-ink">{listed(left, language)}</Name>
      </p>
      <IconButton label={words.dismiss} onClick={leftOut.dismiss}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}

/** The first few, each cut where it becomes a novel. */
function listed(left: readonly string[], language: Language): string {
  const shown = left.slice(0, SHOWN).map((word) => short(shownName(word)));
  const more = left.length - shown.length;
  const format = new Intl.ListFormat(LOCALE[language], { type: "unit" });
  return format.format(more > 0 ? [...shown, `+${more}`] : shown);
}

function short(word: string): string {
  const letters = [...word];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : word;
}

const WORDS: Words<{ leftOut: string; dismiss: string }> = {
  en: { leftOut: "Not understood in the address, and left out:", dismiss: "Got it" },
  ru: { leftOut: "В адресе непонятно и оставлено без внимания:", dismiss: "Понятно" },
};
