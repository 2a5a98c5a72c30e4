/** A stored word by our name for it; one that is new to us stays as it is. */
export function named(names: Record<string, string>, word: string): string {
  return Object.hasOwn(names, word) ? (names[word] ?? word) : word;
}
