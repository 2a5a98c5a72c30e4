import type { Turn } from "@/api/types.ts";

export type StageName = "queue" | "first_token" | "generation" | "delivery";

/** `start` and `width` are shares of the whole time; a stage that is not known has none. */
export type Stage = {
  name: StageName;
  ms: number | null;
  start: number;
  width: number;
  /** The wait ended without a token. */
  isVain: boolean;
};

/** `isWhole` unless a stage is missing, so that the answer took longer than `totalMs`. */
export type Stages = { stages: Stage[]; totalMs: number | null; isWhole: boolean };

type Timed = Pick<Turn, "queue_ms" | "first_token_ms" | "generation_ms" | "delivery_ms">;

/** What is short remains to be seen beside what is long. */
const NARROWEST = 0.015;

/** Both times of the model begin with the work on the question; the stages follow each other. */
export function prepareStages(turn: Timed): Stages {
  const isVain = turn.first_token_ms === null && Boolean(turn.generation_ms);
  const timed: [StageName, number | null][] = [
    ["queue", positive(turn.queue_ms)],
    ["first_token", positive(isVain ? turn.generation_ms : turn.first_token_ms)],
    ["generation", isVain ? null : writing(turn)],
    ["delivery", positive(turn.delivery_ms)],
  ];
  const widths = widthsOf(timed.map(([, ms]) => ms ?? 0));
  const stages = timed.map(([name, ms], place) => ({
    name,
    ms,
    start: sum(widths.slice(0, place)),
    width: widths[place] ?? 0,
    isVain: isVain && name === "first_token",
  }));
  const known = timed.flatMap(([, ms]) => (ms === null ? [] : [ms]));
  return {
    stages,
    totalMs: known.length > 0 ? sum(known) : null,
    isWhole: timed.every(([name, ms]) => ms !== null || (isVain && name === "generation")),
  };
}

function writing({ first_token_ms, generation_ms }: Timed): number | null {
  return generation_ms === null ? null : positive(generation_ms - (first_token_ms ?? 0));
}

/** They fill the whole, however much the narrowest are widened. */
function widthsOf(lengths: number[]): number[] {
  const whole = sum(lengths);
  if (whole === 0) return lengths.map(() => 0);
  const wide = lengths.map((ms) => (ms > 0 ? Math.max(ms / whole, NARROWEST) : 0));
  return wide.map((width) => width / sum(wide));
}

function positive(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, ms);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
