import { DICTIONARY, type Slug } from "@/api/types.ts";

/** Title and definition of each metric in Russian; the English ones are the dictionary's. */
export const METRICS_RU = Object.fromEntries(
  Object.entries(DICTIONARY).map(([slug, metric]) => [slug, [metric.title, metric.definition]]),
) as unknown as Record<Slug, readonly [title: string, definition: string]>;
