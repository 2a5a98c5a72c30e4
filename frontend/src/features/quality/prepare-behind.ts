import type { Slug, Values } from "@/api/types.ts";
import type { Span, Target } from "@/charts/types.ts";
import type { By } from "@/features/quality/metrics.ts";
import type { Having } from "@/lib/having.ts";
import { type View, withSpan } from "@/lib/view.ts";

/** Which dialogs are behind a number; of all questions, all. Those of no other number are listed. */
const HAVING: Partial<Record<Slug, Having | "any">> = {
  questions: "any",
  likes: "liked",
  dislikes: "disliked",
  edited: "edited",
  stopped: "stopped",
  stopped_rate: "stopped",
  failed: "failed",
  error_rate: "failed",
  partial: "partial",
  declined: "declined",
  declined_rate: "declined",
  delivery_unknown: "delivery_unknown",
};

/** The dialogs behind a metric in the window of the view; none where the number is zero. */
export function dialogsBehind(slug: Slug, values: Values, view: View): Target | undefined {
  if (slug === "feedback_score") return opinions(values, view);
  return values[slug] ? dialogsHaving(HAVING[slug], view) : undefined;
}

/** The same for a bucket of the chart, where a score is to be understood by what was disliked. */
export function dialogsInBucket(slug: Slug, view: View, span: Span): Target | undefined {
  const having = slug === "feedback_score" ? "disliked" : HAVING[slug];
  return dialogsHaving(having, withSpan(view, span.start, span.end));
}

/** Whether the list of dialogs can be narrowed as the rows of a breakdown are. */
export function isListed(by: By): boolean {
  return by === "model" || by === "outcome";
}

/**
 * The dialogs behind a number of a breakdown. Where they cannot be narrowed to its row they are
 * those of all rows; where the row is "none" of something, nobody can list them.
 */
export function dialogsInRow(
  slug: Slug,
  view: View,
  row: { by: By; key: string; values: Values },
): Target | undefined {
  const target = dialogsBehind(slug, row.values, view);
  if (!(target && isListed(row.by))) return target;
  if (row.key === "") return undefined;
  return { ...target, search: { ...(target.search as object), [row.by]: row.key } };
}

/** A score is to be understood by what was disliked, if anything was. */
function opinions({ likes, dislikes }: Values, view: View): Target | undefined {
  if (dislikes) return dialogsHaving("disliked", view);
  return likes ? dialogsHaving("liked", view) : undefined;
}

function dialogsHaving(having: Having | "any" | undefined, view: View): Target | undefined {
  if (!having) return undefined;
  return { to: "/dialogs", search: having === "any" ? view : { ...view, having } };
}
