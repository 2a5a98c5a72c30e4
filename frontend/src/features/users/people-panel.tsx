import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Problem } from "@/api/problem.ts";
import { PeopleTable } from "@/features/users/people-table.tsx";
import { peopleAsked, peopleQuery, type Sought } from "@/features/users/queries.ts";
import { PEOPLE_WORDS } from "@/features/users/words.ts";
import { useChangeWords } from "@/lib/address.ts";
import { useWords } from "@/lib/language.tsx";
import { preparePages } from "@/lib/pages.ts";
import type { View } from "@/lib/view.ts";
import { Button } from "@/ui/button.tsx";
import { CsvLink } from "@/ui/csv-link.tsx";
import { Empty } from "@/ui/empty.tsx";
import { MoreRows } from "@/ui/more-rows.tsx";
import { Panel } from "@/ui/panel.tsx";
import { SearchBox } from "@/ui/search-box.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

/** The API's limit. */
const LONGEST_SEARCH = 60;

/** The rows behind the page's numbers; `view` has no filters but those that fit people. */
export function PeoplePanel({ view }: { view: View }) {
  const words = useWords(PEOPLE_WORDS);
  const [sought, seek] = useSought();
  const query = useInfiniteQuery(peopleQuery(view, sought));
  const isUnknownName = query.error instanceof Problem && query.error.code === "wrong_search";
  const { rows, total, zone, comes } = preparePages(query.data?.pages ?? [], ({ users }) => users);
  return (
    <Panel
      title={words.title}
      note={words.note}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <SearchBox
            label={words.find}
            placeholder={words.placeholder}
            maxLength={LONGEST_SEARCH}
            sought={sought.search ?? ""}
            onSeek={(search) => seek({ search: search || undefined })}
          />
          <CsvLink
            path="/api/v1/export/users.csv"
            asked={peopleAsked(view, sought)}
            what={words.title}
          />
        </div>
      }
      query={isUnknownName ? { ...query, error: null, data: { pages: [], pageParams: [] } } : query}
      skeleton={<RowsSkeleton rows={12} />}
      isEmpty={() => rows.length === 0}
      empty={
        <Nobody
          isUnknownName={isUnknownName}
          isSought={sought.search !== undefined}
          onAll={() => seek({ search: undefined })}
        />
      }
    >
      {() => (
        <>
          <PeopleTable
            people={rows}
            zone={zone}
            order={sought.order ?? "questions"}
            onOrder={(order) => seek({ order: order === "questions" ? undefined : order })}
          />
          <MoreRows query={query} comes={comes} count={words.count(rows.length, total)} />
        </>
      )}
    </Panel>
  );
}

function Nobody({
  isUnknownName,
  isSought,
  onAll,
}: {
  isUnknownName: boolean;
  isSought: boolean;
  onAll: () => void;
}) {
  const words = useWords(PEOPLE_WORDS);
  if (!isSought) return <Empty title={words.nobody}>{words.nobodyHint}</Empty>;
  return (
    <Empty title={isUnknownName ? words.unknownName : words.notFound}>
      <p>{isUnknownName ? words.unknownNameHint : words.notFoundHint}</p>
      <Button className="mt-3" onClick={onAll}>
        {words.all}
      </Button>
    </Empty>
  );
}

/** What the address says of the list, and the way to another one. */
function useSought(): [Sought, (change: Sought) => void] {
  const { search, order } = useSearch({ strict: false }) as Sought;
  return [{ search, order }, useChangeWords()];
}
