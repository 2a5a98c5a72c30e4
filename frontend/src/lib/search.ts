/** Addresses as people write them: ?period=month&model=a%2Fb, every value a string. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  const written = new URLSearchParams(
    pairs.map(([name, value]) => [name, String(value)]),
  ).toString();
  return written ? `?${written}` : "";
}
