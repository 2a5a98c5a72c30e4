/**
 * How well letters typed fit a text that has them all in this order; null if it has not. Beginnings
 * of words and letters side by side count for more, so that "mo we" finds "Models: week" first.
 */
export function fit(typed: string, text: string): number | null {
  const wanted = plain(typed).replaceAll(" ", "");
  if (wanted === "") return 0;
  const letters = plain(text);
  const whole = ` ${letters}`.indexOf(` ${plain(typed).trim()}`);
  return whole >= 0 ? 1000 - whole - letters.length / 100 : scattered(wanted, letters);
}

/** Those of `items` that fit, best first; equal ones keep their order. */
export function fitting<T>(
  typed: string,
  items: readonly T[],
  textsOf: (item: T) => string[],
): T[] {
  return items
    .map((item) => ({ item, score: best(typed, textsOf(item)) }))
    .filter((found) => found.score !== null)
    .sort((one, other) => (other.score ?? 0) - (one.score ?? 0))
    .map((found) => found.item);
}

function best(typed: string, texts: string[]): number | null {
  const scores = texts.flatMap((text) => fit(typed, text) ?? []);
  return scores.length > 0 ? Math.max(...scores) : null;
}

function scattered(wanted: string, letters: string): number | null {
  let at = -1;
  let score = 0;
  for (const letter of wanted) {
    const next = nextOf(letter, letters, at + 1);
    if (next < 0) return null;
    score += isWordStart(letters, next) ? 8 : next === at + 1 ? 5 : 1;
    at = next;
  }
  return score - letters.length / 100;
}

/** The letter where a word begins, if it still comes; else the next one. */
function nextOf(letter: string, letters: string, from: number): number {
  if (letters[from] === letter) return from;
  const ofWord = letters.indexOf(` ${letter}`, Math.max(0, from - 1));
  return ofWord >= 0 ? ofWord + 1 : letters.indexOf(letter, from);
}

function isWordStart(letters: string, at: number): boolean {
  return at === 0 || letters[at - 1] === " ";
}

/** Small letters without marks, and words parted by single spaces. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ");
}
