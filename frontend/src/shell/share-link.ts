import { copy } from "@/lib/copy.ts";
import { announce } from "@/shell/announce.tsx";

/** The address reproduces what is shown. */
export async function shareLink(words: { copied: string; byHand: string }): Promise<void> {
  announce((await copy(location.href)) ? words.copied : words.byHand);
}
