import { Link } from "@tanstack/react-router";
import type { Sought } from "@/features/dialogs/queries.ts";
import { LIST_WORDS } from "@/features/dialogs/words.ts";
import { useWords } from "@/lib/language.tsx";
import { FILTERS, type View, withoutFilters, withPeriod } from "@/lib/view.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";

/** Why there is nothing, and what else to look at. */
export function NoDialogs({
  isUnknownName,
  sought,
  view,
}: {
  isUnknownName: boolean;
  sought: Sought;
  view: View;
}) {
  const words = useWords(LIST_WORDS);
  const isNarrowed =
    Object.values(sought).some(Boolean) || FILTERS.some((filter) => view[filter] !== undefined);
  const [title, hint] = isUnknownName
    ? [words.unknownName, words.unknownNameHint]
    : isNarrowed
      ? [words.notFound, words.notFoundHint]
      : [words.none, words.noneHint];
  return (
    <Empty title={title}>
      <p>{hint}</p>
      <p className="mt-3 flex flex-wrap justify-center gap-2">
        {isNarrowed && (
          <Link to="/dialogs" search={withoutFilters(view)} className={buttonClass()}>
            {words.clear}
          </Link>
        )}
        {!isUnknownName && view.period !== "month" && (
          <Link
            to="/dialogs"
            search={{ ...sought, ...withPeriod(view, "month") }}
            className={buttonClass()}
          >
            {words.widen}
          </Link>
        )}
      </p>
    </Empty>
  );
}
