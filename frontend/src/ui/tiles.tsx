import clsx from "clsx";
import { type ReactNode, useId } from "react";
import type { Series, Slug } from "@/api/types.ts";
import { stateOf } from "@/charts/prepare-time-chart.ts";
import type { Target } from "@/charts/types.ts";
import { useWords } from "@/lib/language.tsx";
import { type Asked, useLasting } from "@/ui/panel.tsx";
import { Tile, TileSkeleton } from "@/ui/tile.tsx";

export type TileMore = { to?: Target; isChosen?: boolean; note?: ReactNode };

const WORDS = {
  en: { unknown: "not known for this filter" },
  ru: { unknown: "при этом отборе неизвестно" },
};

/**
 * The totals of a series side by side, each with its course; `moreOf` adds to single tiles. Why there
 * is none is said by the panel that draws the same series.
 */
export function Tiles<S extends Slug>({
  title,
  isTitleShown = false,
  slugs,
  query,
  className,
  hasNotes = true,
  moreOf,
}: {
  title: string;
  isTitleShown?: boolean;
  slugs: readonly S[];
  query: Asked<Series>;
  /** How many stand beside each other. */
  className: string;
  /** Whether most of them will have a note. */
  hasNotes?: boolean;
  moreOf?: (slug: S, data: Series) => TileMore;
}) {
  const words = useWords(WORDS);
  const heading = useId();
  const { data, error, isPlaceholderData } = useLasting(query);
  if (error && !data) return null;
  const more = (slug: S, from: Series): TileMore => {
    const isKnown = from.total.current[slug] !== undefined;
    return isKnown ? (moreOf?.(slug, from) ?? {}) : { note: words.unknown };
  };
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className={isTitleShown ? "mb-2 text-sm font-semibold" : "sr-only"}>
        {title}
      </h2>
      <div
        aria-busy={!data || isPlaceholderData}
        className={clsx(
          "-mb-3 grid grid-cols-2 gap-x-3 transition-opacity",
          isPlaceholderData && "opacity-55",
          className,
        )}
      >
        {slugs.map((slug) =>
          data ? (
            <Tile key={slug} slug={slug} {...numbersOf(data, slug)} {...more(slug, data)} />
          ) : (
            <TileSkeleton key={slug} hasNote={hasNotes} />
          ),
        )}
      </div>
    </section>
  );
}

/** Their value depends on how long a span is: a bucket's says nothing of the window's. */
const OF_SPANS: ReadonlySet<Slug> = new Set(["stickiness", "retention"]);

function numbersOf({ window, total, buckets }: Series, slug: Slug) {
  const begun = buckets.filter((bucket) => stateOf(bucket, window.as_of) !== "future");
  return {
    window,
    current: total.current,
    previous: total.previous,
    spark: OF_SPANS.has(slug) ? undefined : begun.map(({ values }) => values[slug] ?? null),
    isLastPartial: begun.at(-1)?.is_partial ?? false,
  };
}
