import type { OpenedDialog, Turn } from "@/api/types.ts";
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

export type Turns = {
  turns: ShownTurn[];
  /** Of the whole dialog. */
  total: number;
  /** How many the next page adds; none after the last. */
  comes: number;
};

/** The turns of all pages so far, each once. */
export function prepareTurns(pages: readonly OpenedDialog[], zone: string): Turns {
  const all = [
    ...new Map(pages.flatMap((page) => page.turns).map((turn) => [turn.id, turn])).values(),
  ];
  const [first, newest] = [pages[0], pages.at(-1)];
  const total = Math.max(newest?.dialog.questions ?? 0, all.length);
  const onPage = first?.turns.length ?? 0;
  return {
    turns: all.map((turn, place) => shownTurn(turn, place, all[place - 1], zone)),
    total,
    comes: newest?.next ? Math.max(1, Math.min(total - all.length, onPage)) : 0,
  };
}

function shownTurn(turn: Turn, place: number, before: Turn | undefined, zone: string): ShownTurn {
  return {
    turn,
    number: place + 1,
    opensDay: !before || dayOf(before.created_at, zone) !== dayOf(turn.created_at, zone),
    answer: saidBy(turn),
    outcome: outcomeOf(turn),
  };
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
  return [...new Set([model_asked, model_served])].flatMap((model) => model || []);
}

/** As Telegram and the dictionary count: in UTF-16 units. */
export function lengthOf(text: string): number {
  return text.length;
}

/** Where the cost was read; where no model was called there is nothing to read. */
export function costSourceOf({ calls, cost_source }: Turn): string | null {
  return calls.length === 0 && cost_source === "none" ? null : cost_source;
}
