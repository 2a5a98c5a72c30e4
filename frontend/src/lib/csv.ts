import { askedOf, type View } from "@/lib/view.ts";

type Exported = "series" | "breakdown" | "users" | "dialogs";
type Word = string | number | readonly string[] | undefined;

/** The address of a list as a file, asked with the words of the view and those of `extra`. */
export function csvHref(what: Exported, view: View, extra: Record<string, Word> = {}): string {
  const pairs = Object.entries({ ...askedOf(view), ...extra }).flatMap(([name, word]) =>
    [word ?? []].flat().map((one) => [name, String(one)]),
  );
  return `/api/v1/export/${what}.csv?${new URLSearchParams(pairs)}`;
}
