/** What a browser may remember of a visitor: choices of form and saved views, never secrets. */
export type Kept = "theme" | "language" | "views" | "keys";

export function kept(name: Kept): string | null {
  try {
    return localStorage.getItem(`parley.${name}`);
  } catch {
    return null; // a browser that keeps nothing is served all the same
  }
}

export function keep(name: Kept, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`parley.${name}`);
    else localStorage.setItem(`parley.${name}`, value);
  } catch {
    // as above: the choice lasts as long as the page
  }
}
