import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Target } from "@/charts/types.ts";
import { CHARTED, type Charted, STAGES, type Stage } from "@/features/models/metrics.ts";

type Chosen = { metric: Charted; stage: Stage };
type Words = { metric?: unknown; stage?: unknown };

export const DEFAULT: Chosen = { metric: "cost", stage: "full_answer" };

/** What of the page is drawn over time; the address holds it. */
export function useChosen(): [Chosen, (change: Partial<Chosen>) => void] {
  const said = useSearch({ strict: false }) as Words;
  const navigate = useNavigate();
  const chosen = {
    metric: CHARTED.find((metric) => metric === said.metric) ?? DEFAULT.metric,
    stage: STAGES.find((stage) => stage === said.stage) ?? DEFAULT.stage,
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

/** The way to this page narrowed to a model, or to all of them. */
export function narrowing(model: string | undefined): Target {
  return { to: ".", search: (before: Words) => ({ ...before, model }) } as Target;
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
