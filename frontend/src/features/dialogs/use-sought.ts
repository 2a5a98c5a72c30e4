import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Sought } from "@/features/dialogs/queries.ts";

/** What the address says of the list besides the view, and the way to another one. */
export function useSought(): [Sought, (change: Sought) => void] {
  const { search, outcome, having } = useSearch({ strict: false }) as Sought;
  const navigate = useNavigate();
  const seek = (change: Sought) =>
    void navigate({
      to: ".",
      search: (before: Record<string, unknown>) => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    } as never);
  return [{ search, outcome, having }, seek];
}
