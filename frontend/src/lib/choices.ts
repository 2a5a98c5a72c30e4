import { useSearch } from "@tanstack/react-router";
import { useChangeWords, withWords } from "@/lib/address.ts";

/** What a page lets one choose besides the view, by its word in the address; the first is usual. */
export type Choices = Record<string, readonly [string, ...string[]]>;
type Chosen<C extends Choices> = { [Word in keyof C]: C[Word][number] };

/** What is chosen, and the way to choose something else; the address holds it. */
export function useChosen<C extends Choices>(
  choices: C,
): [Chosen<C>, (change: Partial<Chosen<C>>) => void] {
  const said: Record<string, unknown> = useSearch({ strict: false });
  const changeWords = useChangeWords();
  const chosen = Object.entries(choices).map(([word, all]) => [
    word,
    all.find((one) => one === said[word]) ?? all[0],
  ]);
  return [Object.fromEntries(chosen), (change) => changeWords(wordsOf(choices, change))];
}

/** The way to another choice on this page. */
export function choosing<C extends Choices>(choices: C, change: Partial<Chosen<C>>) {
  return withWords(wordsOf(choices, change));
}

/** What is shown anyway is not in the address. */
function wordsOf<C extends Choices>(choices: C, change: Partial<Chosen<C>>) {
  return Object.fromEntries(
    Object.entries(change).map(([word, one]) => [
      word,
      one === choices[word]?.[0] ? undefined : one,
    ]),
  );
}
