import clsx from "clsx";
import { type ReactNode, useId } from "react";
import type { Series, Slug } from "@/api/types.ts";
import type { Target } from "@/charts/types.ts";
import type { Asked } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { Tile, TileSkeleton } from "@/ui/tile.tsx";

export type TileMore = { to?: Target; isChosen?: boolean; note?: ReactNode };

/** The totals of a series side by side, each with its course; `moreOf` adds to single tiles. */
export function Tiles({
  title,
  isTitleShown = false,
  slugs,
  query,
  className,
  moreOf = () => ({}),
}: {
  title: string;
  isTitleShown?: boolean;
  slugs: readonly Slug[];
  query: Asked<Series>;
  /** How many stand beside each other. */
  className: string;
  moreOf?: (slug: Slug) => TileMore;
}) {
  const heading = useId();
  const { data, error } = query;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className={isTitleShown ? "mb-2 text-sm font-semibold" : "sr-only"}>
        {title}
      </h2>
      {error && !data && <ProblemNote problem={error} onAgain={() => void query.refetch()} />}
      <div
        aria-busy={!data || query.isPlaceholderData}
        className={clsx(
          "grid grid-cols-2 gap-3 transition-opacity aria-busy:opacity-55",
          className,
          error && !data && "hidden",
        )}
      >
        {slugs.map((slug) =>
          data ? (
            <Tile key={slug} {...numbersOf(data, slug)} {...moreOf(slug)} />
          ) : (
            <TileSkeleton key={slug} />
          ),
        )}
      </div>
    </section>
  );
}

function numbersOf({ window, total, buckets }: Series, slug: Slug) {
  return {
    slug,
    window,
    current: total.current,
    previous: total.previous,
    spark: buckets.map(({ values }) => values[slug] ?? null),
    isLastPartial: buckets.at(-1)?.is_partial ?? false,
  };
}
