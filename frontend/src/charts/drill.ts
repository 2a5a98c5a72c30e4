import type { Span, Target } from "@/charts/types.ts";
import { type View, withSpan } from "@/lib/view.ts";

/** The dialogs of one bucket, with the filters of the view. */
export function dialogsIn(view: View, { start, end }: Span): Target {
  return { to: "/dialogs", search: withSpan(view, start, end) };
}
