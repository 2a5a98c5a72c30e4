import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { DialogRow } from "@/api/types.ts";
import { DIALOGS_WORDS } from "@/features/users/person-words.ts";
import { personDialogsQuery } from "@/features/users/queries.ts";
import { formatMoment } from "@/lib/dates.ts";
import { formatValue, MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { preparePages } from "@/lib/pages.ts";
import { keepView } from "@/lib/use-view.ts";
import type { View } from "@/lib/view.ts";
import { Empty } from "@/ui/empty.tsx";
import { Feedback } from "@/ui/feedback.tsx";
import { MoreRows } from "@/ui/more-rows.tsx";
import { Name } from "@/ui/name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";

export function PersonDialogs({ view }: { view: View }) {
  const words = useWords(DIALOGS_WORDS);
  const query = useInfiniteQuery(personDialogsQuery(view));
  const { rows, total, zone, comes } = preparePages(
    query.data?.pages ?? [],
    ({ dialogs }) => dialogs,
  );
  const columns = useColumns(zone);
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={4} />}
      isEmpty={() => rows.length === 0}
      empty={<Empty title={words.nothing} />}
    >
      {() => (
        <>
          <Table caption={words.title} columns={columns} rows={rows} rowKey={(row) => row.id} />
          <MoreRows query={query} comes={comes} count={words.count(rows.length, total)} />
        </>
      )}
    </Panel>
  );
}

function useColumns(zone: string): Column<DialogRow>[] {
  const words = useWords(DIALOGS_WORDS);
  const { language } = useLanguage();
  const metric = useMetric();
  return [
    {
      id: "last",
      title: words.last,
      cell: ({ id, last_at }) => (
        <Link
          to="/dialogs/$dialogId"
          params={{ dialogId: id }}
          search={keepView}
          className="font-medium whitespace-nowrap text-accent underline-offset-2 hover:underline"
        >
          {formatMoment(last_at, zone, language)}
        </Link>
      ),
    },
    {
      id: "began",
      title: words.began,
      isExtra: true,
      cell: ({ created_at }) => formatMoment(created_at, zone, language),
    },
    {
      id: "model",
      title: words.model,
      isExtra: true,
      cell: ({ model }) => <Name className="block max-w-48 truncate">{model ?? MISSING}</Name>,
    },
    ...(["questions", "answers", "tokens", "cost"] as const).map((slug): Column<DialogRow> => {
      const { title, unit } = metric(slug);
      return {
        id: slug,
        title,
        isNumber: true,
        cell: (row) => formatValue(row[slug], unit, language),
      };
    }),
    {
      id: "feedback",
      title: words.feedback,
      isNumber: true,
      cell: (row) => <Feedback likes={row.likes} dislikes={row.dislikes} />,
    },
  ];
}
