import { useId } from "react";
import type { Bucket, Slug, Values, Window } from "@/api/types.ts";
import { stateOf } from "@/charts/prepare-time-chart.ts";
import type { Asked } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { Tile, TileSkeleton } from "@/ui/tile.tsx";

type Numbers = {
  window: Window;
  current: Values;
  previous: Values | null;
  buckets: readonly Bucket[];
};

/** A question's numbers side by side; `numbersOf` finds them in its answer. */
export function Tiles<T>({
  label,
  slugs,
  query,
  numbersOf,
}: {
  label: string;
  slugs: readonly Slug[];
  query: Asked<T>;
  numbersOf: (data: T) => Numbers;
}) {
  const heading = useId();
  const numbers = query.data && numbersOf(query.data);
  if (!numbers && query.error) {
    return <ProblemNote problem={query.error} onAgain={() => void query.refetch()} />;
  }
  return (
    <section
      aria-labelledby={heading}
      aria-busy={!numbers || query.isPlaceholderData}
      className="grid grid-cols-2 gap-3 transition-opacity aria-busy:opacity-55 md:grid-cols-3 xl:grid-cols-6"
    >
      <h2 id={heading} className="sr-only">
        {label}
      </h2>
      {slugs.map((slug) =>
        numbers ? (
          <Tile
            key={slug}
            slug={slug}
            window={numbers.window}
            current={numbers.current}
            previous={numbers.previous}
            {...sparkOf(numbers, slug)}
          />
        ) : (
          <TileSkeleton key={slug} />
        ),
      )}
    </section>
  );
}

/** Their value depends on how long a span is: a day's says nothing of a month's. */
const OF_SPANS: ReadonlySet<Slug> = new Set(["stickiness", "retention"]);

function sparkOf({ window, buckets: all }: Numbers, slug: Slug) {
  const buckets = all.filter((bucket) => stateOf(bucket, window.as_of) !== "future");
  if (OF_SPANS.has(slug) || !buckets.some(({ values }) => values[slug] !== undefined)) return {};
  return {
    spark: buckets.map(({ values }) => values[slug] ?? null),
    isLastPartial: buckets.at(-1)?.is_partial ?? false,
  };
}
