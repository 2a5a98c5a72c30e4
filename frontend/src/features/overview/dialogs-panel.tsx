import { Link } from "@tanstack/react-router";
import type { DialogRow, Overview, Window } from "@/api/types.ts";
import { MoreLink } from "@/features/overview/more-link.tsx";
import { QuietNote } from "@/features/overview/quiet-note.tsx";
import { OVERVIEW_WORDS } from "@/features/overview/words.ts";
import { formatAge, formatMoment } from "@/lib/dates.ts";
import { formatValue, MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMetric } from "@/lib/metrics.ts";
import { keepView } from "@/lib/use-view.ts";
import { FILTERS, type View } from "@/lib/view.ts";
import { Name } from "@/ui/name.tsx";
import { OutcomeBadge } from "@/ui/outcome-badge.tsx";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";

/** What was talked about last. */
export function DialogsPanel({ query, view }: { query: Asked<Overview>; view: View }) {
  const words = useWords(OVERVIEW_WORDS);
  const isFiltered = FILTERS.some((filter) => view[filter] !== undefined);
  return (
    <Panel
      title={words.dialogs}
      note={words.dialogsNote}
      actions={<MoreLink to="/dialogs">{words.allDialogs}</MoreLink>}
      query={query}
      skeleton={<RowsSkeleton rows={11} />}
      isEmpty={({ recent_dialogs }) => recent_dialogs.length === 0}
      empty={<QuietNote title={isFiltered ? words.noDialogsHere : words.noDialogs} height={140} />}
      className="xl:col-span-2"
    >
      {({ recent_dialogs, window }) => <Rows dialogs={recent_dialogs} window={window} />}
    </Panel>
  );
}

function Rows({ dialogs, window }: { dialogs: DialogRow[]; window: Window }) {
  const words = useWords(OVERVIEW_WORDS);
  const { language } = useLanguage();
  const cost = useMetric()("cost");
  const columns: Column<DialogRow>[] = [
    { id: "person", title: words.person, cell: (row) => <DialogLink dialog={row} /> },
    {
      id: "last",
      title: words.last,
      cell: ({ last_at }) => <Ago moment={last_at} window={window} />,
    },
    {
      id: "outcome",
      title: words.outcome,
      cell: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
    },
    {
      id: "model",
      title: words.model,
      isExtra: true,
      cell: ({ model }) => <Name className="block max-w-56 truncate">{model ?? MISSING}</Name>,
    },
    {
      id: "turns",
      title: words.turns,
      isNumber: true,
      isExtra: true,
      cell: ({ questions }) => formatValue(questions, "count", language),
    },
    {
      id: "cost",
      title: cost.title,
      isNumber: true,
      isExtra: true,
      cell: (row) => formatValue(row.cost, cost.unit, language),
    },
  ];
  return <Table caption={words.dialogs} columns={columns} rows={dialogs} rowKey={({ id }) => id} />;
}

/** How long before the page was asked for; in full for those who point at it. */
function Ago({ moment, window }: { moment: string; window: Window }) {
  const { language } = useLanguage();
  const seconds = (Date.parse(window.as_of) - Date.parse(moment)) / 1000;
  return (
    <time
      dateTime={moment}
      title={formatMoment(moment, window.timezone, language)}
      className="whitespace-nowrap"
    >
      {formatAge(Math.max(0, seconds), language)}
    </time>
  );
}

function DialogLink({ dialog }: { dialog: DialogRow }) {
  return (
    <Link
      to="/dialogs/$dialogId"
      params={{ dialogId: dialog.id }}
      search={keepView}
      className="block max-w-40 truncate font-medium text-accent underline-offset-2 hover:underline"
    >
      <Name>{dialog.pseudonym}</Name>
    </Link>
  );
}
