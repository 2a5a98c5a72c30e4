import { useRouter } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useKeys } from "@/lib/keys.ts";
import { keepView } from "@/lib/use-view.ts";
import { PAGES } from "@/shell/navigation.ts";
import { openOverlay, useOverlay } from "@/shell/overlay.ts";
import { Palette } from "@/shell/palette/palette.tsx";
import { Shortcuts } from "@/shell/shortcuts.tsx";

/** What keys open from anywhere: the palette, the sheet of keys, and by G and a letter each page. */
export function Overlays() {
  const overlay = useOverlay();
  useOverlayKeys();
  const close = () => openOverlay(null);
  if (overlay === "palette") return <Palette onClose={close} />;
  if (overlay === "shortcuts") return <Shortcuts onClose={close} />;
  return null;
}

function useOverlayKeys(): void {
  const { navigate } = useRouter();
  const keys = useMemo(() => {
    const pages = PAGES.map(({ key, to }) => [
      `g ${key}`,
      () => void navigate({ to, search: keepView as never }),
    ]);
    return { ...Object.fromEntries(pages), "?": () => openOverlay("shortcuts") };
  }, [navigate]);
  useKeys(keys);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isWanted = (event.metaKey || event.ctrlKey) && !event.altKey && event.code === "KeyK";
      if (!isWanted) return;
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) openOverlay("palette");
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
      openOverlay(null);
    };
  }, []);
}
