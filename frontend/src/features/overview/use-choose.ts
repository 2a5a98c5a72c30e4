import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Target } from "@/charts/types.ts";
import { type ChartMetric, DEFAULT_METRIC } from "@/features/overview/chosen-metric.ts";

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

export function useChoose(): (metric: ChartMetric) => void {
  const navigate = useNavigate();
  return useCallback(
    (metric) => void navigate({ ...choosing(metric), resetScroll: false } as never),
    [navigate],
  );
}
