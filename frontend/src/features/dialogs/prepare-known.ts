import type { DialogRow, Window } from "@/api/types.ts";

export type Known = { dialog: DialogRow; zone: string };

type Listed = { window: Window; dialogs?: DialogRow[]; recent_dialogs?: DialogRow[] };

/** What lists that were shown before say of a dialog: all but its texts. */
export function knownOf(id: string, answers: readonly unknown[]): Known | null {
  for (const answer of answers.flatMap(pagesOf)) {
    const dialog = [...(answer.dialogs ?? []), ...(answer.recent_dialogs ?? [])].find(
      (row) => row.id === id,
    );
    if (dialog) return { dialog, zone: answer.window.timezone };
  }
  return null;
}

function pagesOf(answer: unknown): Listed[] {
  if (typeof answer !== "object" || answer === null) return [];
  if ("pages" in answer && Array.isArray(answer.pages)) return answer.pages.flatMap(pagesOf);
  return "window" in answer ? [answer as Listed] : [];
}

/** Where neither the address nor an answer has named one, the product's own. */
export const ZONE_UNKNOWN = "UTC";
