import type { components } from "@/api/schema.d.ts";

/** What a question of a dialog may have met; a list of dialogs can be narrowed to one of them. */
export type Having = components["schemas"]["Having"];

export const HAVING = [
  "liked",
  "disliked",
  "edited",
  "stopped",
  "declined",
  "failed",
  "partial",
  "delivery_unknown",
  "fallback",
] as const satisfies readonly Having[];
