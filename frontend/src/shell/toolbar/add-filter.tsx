import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { type ReactNode, useState } from "react";
import { botsQuery, breakdownQuery } from "@/api/queries.ts";
import { formatInteger } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { FILTERS, type Filter, type View, withFilter } from "@/lib/view.ts";
import { peopleNamedQuery } from "@/shell/queries.ts";
import { filterValueName } from "@/shell/toolbar/filter-value.ts";
import { WORDS } from "@/shell/toolbar/words.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";
import { Popover } from "@/ui/popover.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { SearchBox } from "@/ui/search-box.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

type Choose = (value: string) => void;

/** Asks what there is to narrow by when it is opened, and not before. */
export function AddFilter({
  view,
  change,
}: {
  view: View;
  change: (to: (view: View) => View) => void;
}) {
  const words = useWords(WORDS);
  const [filter, setFilter] = useState<Filter>("model");
  return (
    <Popover
      trigger={
        <>
          <ListFilter size={14} aria-hidden /> {words.addFilter}
        </>
      }
      triggerClass={`${buttonClass("quiet")} min-h-7! px-2! text-ink-soft`}
      sheetLabel={words.addFilter}
      sheetClass="w-96"
    >
      {(close) => {
        const choose = (value: string) => {
          change((before) => withFilter(before, filter, value));
          close();
        };
        const rest = withFilter(view, filter, undefined);
        return (
          <div className="space-y-3">
            <Segmented
              label={words.addFilter}
              segments={FILTERS.map((value) => ({ value, title: words.filters[value] }))}
              value={filter}
              onChoose={setFilter}
            />
            {filter === "user" ? (
              <People view={rest} onChoose={choose} />
            ) : (
              <Values view={rest} filter={filter} onChoose={choose} />
            )}
          </div>
        );
      }}
    </Popover>
  );
}

function Values({
  view,
  filter,
  onChoose,
}: {
  view: View;
  filter: Exclude<Filter, "user">;
  onChoose: Choose;
}) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const { data, error } = useQuery({
    ...breakdownQuery(view, filter, ["questions"]),
    placeholderData: (before) => (before?.by === filter ? before : undefined),
  });
  const bots = useQuery({ ...botsQuery, enabled: filter === "bot" });
  if (error && !data) return <ProblemNote problem={error} compact />;
  if (!data) return <RowsSkeleton rows={4} />;
  const slices = data.slices.filter((slice) => slice.key !== "");
  if (slices.length === 0) return <p className="px-2 text-ink-soft">{words.noChoice}</p>;
  return (
    <>
      <Rows
        rows={slices.map(({ key, values }) => ({
          id: key,
          name: filterValueName(filter, key, language, bots.data),
          count: formatInteger(values.questions ?? 0, language),
        }))}
        onChoose={onChoose}
      />
      {data.keys > data.slices.length && (
        <p className="px-2 text-xs text-ink-soft">
          {words.of(
            formatInteger(data.slices.length, language),
            formatInteger(data.keys, language),
          )}
        </p>
      )}
    </>
  );
}

function People({ view, onChoose }: { view: View; onChoose: Choose }) {
  const words = useWords(WORDS);
  const [search, setSearch] = useState("");
  return (
    <div className="space-y-2">
      <SearchBox
        label={words.person}
        placeholder={words.person}
        sought={search}
        maxLength={100}
        onSeek={setSearch}
      />
      {search === "" ? (
        <p className="px-2 text-xs text-ink-soft">{words.personHint}</p>
      ) : (
        <Found view={view} search={search} onChoose={onChoose} />
      )}
    </div>
  );
}

function Found({ view, search, onChoose }: { view: View; search: string; onChoose: Choose }) {
  const words = useWords(WORDS);
  const { language } = useLanguage();
  const { data, error } = useQuery(peopleNamedQuery(view, search));
  if (error && !data) return <ProblemNote problem={error} compact />;
  if (!data) return <RowsSkeleton rows={3} />;
  if (data.users.length === 0) return <p className="px-2 text-ink-soft">{words.noPerson}</p>;
  return (
    <Rows
      rows={data.users.map(({ id, pseudonym, questions }) => ({
        id,
        name: pseudonym,
        count: formatInteger(questions, language),
      }))}
      onChoose={onChoose}
    />
  );
}

type Row = { id: string; name: string; count: string };

function Rows({ rows, onChoose }: { rows: Row[]; onChoose: Choose }): ReactNode {
  const words = useWords(WORDS);
  return (
    <ul className="max-h-72 overflow-y-auto">
      {rows.map(({ id, name, count }) => (
        <li key={id}>
          <button
            type="button"
            onClick={() => onChoose(id)}
            className="flex min-h-8 w-full items-center justify-between gap-3 rounded-lg px-2 py-1 text-left hover:bg-well"
          >
            <Name className="min-w-0 truncate">{name}</Name>
            <span className="shrink-0 text-xs text-ink-soft">{words.questions(count)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
