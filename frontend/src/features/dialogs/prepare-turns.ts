import type { Turn } from "@/api/types.ts";
import { dayOf } from "@/lib/dates.ts";

/** What stands in the answer's place. */
export type Said = "text" | "erased" | "under_way" | "nothing";

export type ShownTurn = {
  turn: Turn;
  /** Of the whole dialog, from 1. */
  number: number;
  /** It is the first of its day. */
  opensDay: boolean;
  answer: Said;
  outcome: string | null;
};

/** The turns of all pages so far, each once. */
export function prepareTurns(pages: readonly { turns: Turn[] }[], zone: string): ShownTurn[] {
  const turns = new Map(pages.flatMap((page) => page.turns).map((turn) => [turn.id, turn]));
  return [...turns.values()].map((turn, place, all) => {
    const before = all[place - 1];
    return {
      turn,
      number: place + 1,
      opensDay: !before || dayOf(before.created_at, zone) !== dayOf(turn.created_at, zone),
      answer: saidBy(turn),
      outcome: outcomeOf(turn),
    };
  });
}

function saidBy({ answer, erased_at, outcome, state }: Turn): Said {
  if (erased_at || state === "erased") return "erased";
  if (answer) return "text";
  return outcome === null ? "under_way" : "nothing";
}

/** An answer that nobody could receive ended there, whatever the model had written. */
function outcomeOf({ outcome, state }: Turn): string | null {
  return state === "undeliverable" ? state : outcome;
}

/** Which models to name: the one asked only where another one served. */
export function modelsOf({ model_asked, model_served }: Turn): string[] {
  return [...new Set([model_asked, model_served])].filter((model) => model !== null);
}

/** As Telegram and the dictionary count: in UTF-16 units. */
export function lengthOf(text: string): number {
  return text.length;
}
