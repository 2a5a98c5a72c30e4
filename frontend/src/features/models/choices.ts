import { CHARTED, PARTS } from "@/features/models/metrics.ts";

/** What is drawn over time: a number of the page, and a stage of its latency. */
export const CHOICES = {
  metric: CHARTED,
  stage: ["full_answer", "first_visible", ...PARTS],
} as const;
