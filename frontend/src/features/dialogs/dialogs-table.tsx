import { Link } from "@tanstack/react-router";
import type { DialogRow } from "@/api/types.ts";
import { ModelLink } from "@/features/dialogs/model-link.tsx";
import { PersonLink } from "@/features/dialogs/person-link.tsx";
import { useRowKeys } from "@/features/dialogs/use-row-keys.ts";
import { chatKind, LIST_WORDS } from "@/features/dialogs/words.ts";
import { formatDay, formatTime } from "@/lib/dates.ts";
import { formatValue, MISSING } from "@/lib/format.ts";
import { type Language, useLanguage, useWords } from "@/lib/language.tsx";
import { keepView } from "@/lib/use-view.ts";
import { Feedback } from "@/ui/feedback.tsx";
import { Name } from "@/ui/name.tsx";
import { OutcomeBadge } from "@/ui/outcome-badge.tsx";
import { type Column, Table } from "@/ui/table.tsx";

export function DialogsTable({ dialogs, zone }: { dialogs: DialogRow[]; zone: string }) {
  const words = useWords(LIST_WORDS);
  const { language } = useLanguage();
  const rows = useRowKeys();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the links inside have the focus
    <div ref={rows.element} onKeyDown={rows.onKeyDown}>
      <Table
        caption={words.page}
        columns={columnsOf(words, language, zone)}
        rows={dialogs}
        rowKey={({ id }) => id}
      />
    </div>
  );
}

function columnsOf(
  words: (typeof LIST_WORDS)[Language],
  language: Language,
  zone: string,
): Column<DialogRow>[] {
  const { columns } = words;
  return [
    {
      id: "last",
      title: columns.last,
      cell: (row) => (
        <Link
          to="/dialogs/$dialogId"
          params={{ dialogId: row.id }}
          search={keepView}
          data-row-link=""
          title={words.open(row.pseudonym)}
          className="inline-flex min-h-6 flex-wrap items-center gap-x-2 font-medium text-accent underline-offset-2 hover:underline md:flex-nowrap"
        >
          <span className="whitespace-nowrap">{formatDay(row.last_at, zone, language)}</span>{" "}
          <span>{formatTime(row.last_at, zone, language)}</span>
        </Link>
      ),
    },
    {
      id: "person",
      title: columns.person,
      cell: (row) => (
        <PersonLink
          id={row.user_id}
          pseudonym={row.pseudonym}
          className="line-clamp-2 max-w-32 break-words md:max-w-56"
        />
      ),
    },
    {
      id: "chat",
      title: columns.chat,
      isExtra: true,
      cell: (row) => (
        <Name className="block max-w-28 truncate">{chatKind(row.chat_kind, language)}</Name>
      ),
    },
    {
      id: "turns",
      title: columns.turns,
      isNumber: true,
      isExtra: true,
      cell: (row) =>
        `${formatValue(row.questions, "count", language)} / ${formatValue(row.answers, "count", language)}`,
    },
    {
      id: "outcome",
      title: columns.outcome,
      cell: (row) => <OutcomeBadge outcome={row.outcome} />,
    },
    {
      id: "model",
      title: columns.model,
      isExtra: true,
      cell: (row) => (
        <span className="line-clamp-2 max-w-56 break-words">
          {row.model === null ? MISSING : <ModelLink model={row.model} />}
        </span>
      ),
    },
    {
      id: "tokens",
      title: columns.tokens,
      isNumber: true,
      isExtra: true,
      cell: (row) => formatValue(row.tokens, "tokens", language),
    },
    {
      id: "cost",
      title: columns.cost,
      isNumber: true,
      isExtra: true,
      cell: (row) => formatValue(row.cost, "microdollars", language),
    },
    {
      id: "feedback",
      title: columns.feedback,
      isExtra: true,
      cell: (row) => <Feedback likes={row.likes} dislikes={row.dislikes} />,
    },
  ];
}
