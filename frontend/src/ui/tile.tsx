import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import type { ReactNode } from "react";
import { DICTIONARY, type Slug, type Values, type Window } from "@/api/types.ts";
import { Sparkline } from "@/charts/sparkline.tsx";
import type { Target, Value } from "@/charts/types.ts";
import { formatValue } from "@/lib/format.ts";
import { useLanguage } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { Delta } from "@/ui/delta.tsx";
import { Explain } from "@/ui/explain.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

/** Its parts stand on one line with those of its neighbours, however long their names are. */
const FORM =
  "relative row-span-5 mb-3 grid min-w-0 grid-rows-subgrid rounded-2xl border bg-sheet p-4";

/** One number at a glance: what it is, what it was, and how it came there. */
export function Tile({
  slug,
  window,
  current,
  previous,
  spark,
  isLastPartial = false,
  to,
  isChosen = false,
  note,
}: {
  slug: Slug;
  window: Window;
  current: Values;
  previous: Values | null;
  spark?: readonly Value[] | undefined;
  isLastPartial?: boolean;
  /** Where a press on the tile leads. */
  to?: Target;
  /** Whether that is what the page shows already. */
  isChosen?: boolean;
  note?: ReactNode;
}) {
  const { language } = useLanguage();
  const { title } = useMetric()(slug);
  return (
    <article
      className={clsx(
        FORM,
        isChosen ? "border-accent" : "border-line",
        to && "transition-colors hover:border-line-strong",
      )}
    >
      <header className="flex min-h-6 items-start justify-between gap-1">
        <h3 className="min-w-0 text-sm text-ink-soft">
          {to ? (
            <Link
              {...to}
              resetScroll={false}
              activeOptions={{ exact: true }}
              aria-current={isChosen ? "true" : undefined}
              className="after:absolute after:inset-0 after:rounded-2xl"
            >
              {title}
            </Link>
          ) : (
            title
          )}
        </h3>
        <span className="relative -mt-0.5 -mr-1">
          <Explain slug={slug} window={window} estimatedShare={current.estimated_cost_share} />
        </span>
      </header>
      <p className="text-2xl font-semibold tracking-tight">
        {formatValue(current[slug], DICTIONARY[slug].unit, language, "short")}
      </p>
      <div className="mt-0.5 min-h-5">
        {previous && <Delta slug={slug} current={current[slug]} previous={previous[slug]} />}
      </div>
      <div className="text-xs text-ink-soft">{note}</div>
      <div className="self-end pt-2">
        {spark ? (
          <Sparkline values={spark} isLastPartial={isLastPartial} />
        ) : (
          <div className="h-9" />
        )}
      </div>
    </article>
  );
}

export function TileSkeleton({ hasNote = false }: { hasNote?: boolean }) {
  return (
    <div className={clsx(FORM, "border-line")}>
      <Skeleton className="h-5 w-24" />
      <Skeleton className="mt-2 h-7 w-20" />
      <Skeleton className="mt-1.5 h-4 w-32" />
      {hasNote && <Skeleton className="mt-1 h-4 w-24" />}
      <Skeleton className="mt-3 h-9 w-full" />
    </div>
  );
}
