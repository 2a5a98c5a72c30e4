import { Search } from "lucide-react";
import { useWords } from "@/lib/language.tsx";
import { openOverlay } from "@/shell/overlay.ts";
import { PALETTE_WORDS } from "@/shell/palette/words.ts";
import { Key } from "@/ui/key.tsx";

const IS_MAC = /mac|iphone|ipad/i.test(navigator.userAgent);
export const PALETTE_KEYS = IS_MAC ? "⌘ K" : "Ctrl K";

export function PaletteButton({ onOpen }: { onOpen?: () => void }) {
  const words = useWords(PALETTE_WORDS);
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title={`${words.title} (${PALETTE_KEYS})`}
      onClick={() => {
        onOpen?.();
        openOverlay("palette");
      }}
      className="flex min-h-9 w-full items-center gap-2 rounded-lg border border-line bg-sheet px-2.5 text-sm text-ink-soft hover:border-line-strong md:max-xl:justify-center md:max-xl:px-0"
    >
      <Search size={16} aria-hidden className="shrink-0" />
      <span className="flex-1 truncate text-left md:max-xl:sr-only">{words.open}</span>
      <span className="max-xl:hidden">
        <Key>{PALETTE_KEYS}</Key>
      </span>
    </button>
  );
}
