import { CHARTED, DIMENSIONS } from "@/features/quality/metrics.ts";

/** What is drawn over time, and what the numbers are broken down by. */
export const CHOICES = { metric: CHARTED, by: DIMENSIONS };
