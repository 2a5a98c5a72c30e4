import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Target } from "@/charts/types.ts";
import { type ChartMetric, DEFAULT_METRIC } from "@/features/overview/chosen-metric.ts";

/** Which of `choices` the address asks for, and how to ask for another. */
export function useChosen(
  choices: readonly ChartMetric[],
): [ChartMetric, (metric: ChartMetric) => void] {
  const { metric } = useSearch({ strict: false });
  const navigate = useNavigate();
  const choose = useCallback(
    (chosen: ChartMetric) => void navigate({ ...choosing(chosen), resetScroll: false } as never),
    [navigate],
  );
  return [choices.find((slug) => slug === metric) ?? DEFAULT_METRIC, choose];
}

/** The overview as it is, with another metric in its chart. */
export function choosing(metric: ChartMetric): Target {
  return {
    to: "/",
    search: (before: Record<string, unknown>) => ({
      ...before,
      metric: metric === DEFAULT_METRIC ? undefined : metric,
    }),
  } as Target;
}
