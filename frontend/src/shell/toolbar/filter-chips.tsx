import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { botsQuery, personQuery } from "@/api/queries.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { shownName } from "@/lib/shown-name.ts";
import { FILTERS, type Filter, type View, withFilter, withoutFilters } from "@/lib/view.ts";
import { AddFilter } from "@/shell/toolbar/add-filter.tsx";
import { filterValueName } from "@/shell/toolbar/filter-value.ts";
import { linkClass, WORDS } from "@/shell/toolbar/words.ts";
import { Name } from "@/ui/name.tsx";

type Change = (to: (view: View) => View) => void;

/** What the numbers are narrowed to; each chip can be taken away. */
export function FilterChips({ view, change }: { view: View; change: Change }) {
  const words = useWords(WORDS);
  const chosen = chosenIn(view);
  return (
    <ul className="flex min-w-0 flex-wrap items-center gap-1.5">
      {chosen.map(([filter, value]) => (
        <li key={filter} className="min-w-0">
          <Chip
            filter={filter}
            value={value}
            onRemove={() => change((before) => withFilter(before, filter, undefined))}
          />
        </li>
      ))}
      <li className="no-print">
        <AddFilter view={view} change={change} />
      </li>
      {chosen.length > 1 && (
        <li className="no-print">
          <button type="button" className={linkClass} onClick={() => change(withoutFilters)}>
            {words.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

export function chosenIn(view: View): [Filter, string][] {
  return FILTERS.flatMap((filter) => (view[filter] ? [[filter, view[filter]]] : []));
}

function Chip({
  filter,
  value,
  onRemove,
}: {
  filter: Filter;
  value: string;
  onRemove: () => void;
}) {
  const words = useWords(WORDS);
  const name = useFilterValue(filter, value);
  return (
    <span className="inline-flex max-w-full items-center rounded-full border border-line bg-sheet pl-2.5 text-sm">
      <span className="truncate">
        <span className="text-ink-soft">{words.filters[filter]}: </span>
        <Name className="font-medium">{name}</Name>
      </span>
      <button
        type="button"
        aria-label={words.without(`${words.filters[filter]} ${shownName(name)}`)}
        title={words.without(words.filters[filter])}
        onClick={onRemove}
        className="no-print ml-0.5 inline-flex size-6 shrink-0 items-center justify-center rounded-full text-ink-soft hover:bg-well hover:text-ink"
      >
        <X size={14} aria-hidden />
      </button>
      <span className="w-0.5 print:w-2.5" />
    </span>
  );
}

/** A filter's value as people know it: a bot's name, a language's, somebody's pseudonym. */
function useFilterValue(filter: Filter, value: string): string {
  const { language } = useLanguage();
  const bots = useQuery({ ...botsQuery, enabled: filter === "bot" });
  const person = useQuery({ ...personQuery(value), enabled: filter === "user", retry: false });
  if (filter === "user") return person.data?.pseudonym ?? value.slice(0, 8);
  return filterValueName(filter, value, language, bots.data);
}
