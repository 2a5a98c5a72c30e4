import { useSearch } from "@tanstack/react-router";
import type { Sought } from "@/features/dialogs/queries.ts";
import { useChangeWords } from "@/lib/address.ts";

/** What the address says of the list besides the view, and the way to another one. */
export function useSought(): [Sought, (change: Sought) => void] {
  const { search, outcome, having } = useSearch({ strict: false }) as Sought;
  return [{ search, outcome, having }, useChangeWords()];
}
