import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Target } from "@/charts/types.ts";
import { type By, CHARTED, type Charted, DIMENSIONS } from "@/features/quality/metrics.ts";

type Chosen = { metric: Charted; by: By };
type Words = { metric?: unknown; by?: unknown };

export const DEFAULT: Chosen = { metric: "feedback_score", by: "model" };

/** What is drawn over time, and what the numbers are broken down by; the address holds it. */
export function useChosen(): [Chosen, (change: Partial<Chosen>) => void] {
  const said = useSearch({ strict: false }) as Words;
  const navigate = useNavigate();
  const chosen = {
    metric: CHARTED.find((metric) => metric === said.metric) ?? DEFAULT.metric,
    by: DIMENSIONS.find((by) => by === said.by) ?? DEFAULT.by,
  };
  const choose = (change: Partial<Chosen>) =>
    void navigate({ ...choosing(change), replace: true, resetScroll: false } as never);
  return [chosen, choose];
}

/** The way to another choice on this page, with all else as it is. */
export function choosing(change: Partial<Chosen>): Target {
  const search = (before: Words) => ({ ...before, ...withoutDefaults(change) });
  return { to: ".", search } as Target;
}

/** What is shown anyway is not in the address. */
function withoutDefaults(change: Partial<Chosen>): Words {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]) => [
      name,
      value === DEFAULT[name as keyof Chosen] ? undefined : value,
    ]),
  );
}
