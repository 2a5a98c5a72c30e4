import type { Overview, Series, Slug, Window } from "@/api/types.ts";
import { DICTIONARY } from "@/api/types.ts";
import type { Form, Ghost, Span, Value } from "@/charts/types.ts";

/**
 * A metric by the buckets of the overview. What its own answer lacks comes from `rates`, if that is
 * of the same buckets; undefined while it is on its way.
 */
export function courseOf(
  slug: Slug,
  { activity }: Pick<Overview, "activity">,
  rates: Pick<Series, "buckets"> | undefined,
): Value[] | undefined {
  if (activity.some(({ values }) => values[slug] !== undefined)) {
    return activity.map(({ values }) => values[slug]);
  }
  if (!rates || !areSame(activity, rates.buckets)) return undefined;
  const has = rates.buckets.some(({ values }) => values[slug] !== undefined);
  return has ? rates.buckets.map(({ values }) => values[slug]) : undefined;
}

/** The compared values, if they are those of this window and this metric. */
export function ghostOf(
  slug: Slug,
  window: Window,
  before: Pick<Series, "window" | "buckets"> | undefined,
  title: string,
): Ghost | undefined {
  if (!(before && window.previous_start)) return undefined;
  const isItsOwn =
    Date.parse(before.window.start) === Date.parse(window.previous_start) &&
    before.window.bucket === window.bucket;
  const values = before.buckets.map(({ values: found }) => found[slug]);
  return isItsOwn && values.some((value) => value !== undefined) ? { title, values } : undefined;
}

/** What adds up stands on the ground; what does not is a line. */
export function formOf(slug: Slug): Form {
  const { kind } = DICTIONARY[slug];
  return kind === "additive" || kind === "distinct" ? "bars" : "lines";
}

/** Sparklines end where the time that has come ends. */
export function begun<T>(values: readonly T[], spans: readonly Span[], asOf: string): T[] {
  return values.filter((_, place) => {
    const span = spans[place];
    return span !== undefined && Date.parse(span.start) < Date.parse(asOf);
  });
}

export function isQuiet({ summary }: Pick<Overview, "summary">): boolean {
  const { current, previous } = summary;
  return !(current.questions || previous?.questions);
}

function areSame(spans: readonly Span[], others: readonly Span[]): boolean {
  return (
    spans.length === others.length &&
    spans[0]?.start === others[0]?.start &&
    spans.at(-1)?.start === others.at(-1)?.start
  );
}
