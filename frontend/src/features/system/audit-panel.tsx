import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { AUDIT } from "@/features/system/audit-words.ts";
import { type Deed, prepareDeed } from "@/features/system/prepare-audit.ts";
import { type AuditEntry, auditQuery } from "@/features/system/queries.ts";
import { formatMoment } from "@/lib/dates.ts";
import { MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Button } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";
import { type Column, Table } from "@/ui/table.tsx";

const TERMINAL = "(terminal)";

/** For admins; nobody else may ask for it. */
export function AuditPanel({ zone }: { zone: string }) {
  const words = useWords(AUDIT);
  const query = useInfiniteQuery(auditQuery);
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={10} />}
      isEmpty={({ pages }) => pages[0]?.entries.length === 0}
      empty={<Empty title={words.none} />}
      actions={
        <Button aria-disabled={query.isFetching} onClick={() => void query.refetch()}>
          <RotateCw size={15} aria-hidden /> {words.refresh}
        </Button>
      }
    >
      {({ pages }) => (
        <>
          <Entries entries={pages.flatMap((page) => page.entries)} zone={zone} />
          <div className="mt-3 text-sm text-ink-soft">
            {query.hasNextPage ? (
              <Button
                aria-disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage({ cancelRefetch: false })}
              >
                {query.isFetchingNextPage ? words.comes : words.older}
              </Button>
            ) : (
              words.end
            )}
          </div>
        </>
      )}
    </Panel>
  );
}

function Entries({ entries, zone }: { entries: AuditEntry[]; zone: string }) {
  const words = useWords(AUDIT);
  const { language } = useLanguage();
  const columns: Column<AuditEntry>[] = [
    {
      id: "when",
      title: `${words.when}, ${zone}`,
      cell: ({ at }) => <time dateTime={at}>{formatMoment(at, zone, language)}</time>,
    },
    { id: "who", title: words.who, cell: ({ actor }) => <Actor name={actor} /> },
    { id: "what", title: words.what, cell: (entry) => <What deed={prepareDeed(entry)} /> },
    { id: "where", title: words.where, cell: (entry) => <Where entry={entry} /> },
  ];
  return (
    <Table caption={words.title} columns={columns} rows={entries} rowKey={(entry) => entry.id} />
  );
}

function Actor({ name }: { name: string | null }) {
  const words = useWords(AUDIT);
  if (name === null) return <span className="text-ink-soft">{words.nobody}</span>;
  if (name === TERMINAL) return <span className="text-ink-soft">{words.terminal}</span>;
  return <bdi className="break-all">{name}</bdi>;
}

function What({ deed }: { deed: Deed }) {
  const words = useWords(AUDIT);
  const { id, word, subject, isWarning, dialogId } = deed;
  const said = id ? words.deeds[id](subject ?? words.somebody) : [word, subject].join(" ").trim();
  const facts = useFacts(deed);
  return (
    <div className="min-w-44">
      <p className={isWarning ? "break-words font-medium text-bad" : "break-words"}>{said}</p>
      {facts.length > 0 && (
        <p className="text-xs text-ink-soft [overflow-wrap:anywhere]">
          <bdi>{facts.join(", ")}</bdi>
        </p>
      )}
      {dialogId && (
        <Link
          to="/dialogs/$dialogId"
          params={{ dialogId }}
          className="text-xs text-accent underline underline-offset-4"
        >
          {words.openDialog}
        </Link>
      )}
    </div>
  );
}

function useFacts({ id, reason, role, sessions, more }: Deed): string[] {
  const words = useWords(AUDIT);
  const why = id === "sign_in_failed" ? (words.failures[reason ?? ""] ?? reason) : null;
  return [
    why ?? (reason && words.reason(reason)),
    role && words.role(words.roles[role] ?? role),
    sessions !== null && words.sessions(sessions),
    more,
  ].filter((fact) => typeof fact === "string" && fact !== "") as string[];
}

function Where({ entry: { address, trace_id } }: { entry: AuditEntry }) {
  const words = useWords(AUDIT);
  return (
    <>
      <bdi className="block break-all">{address ?? MISSING}</bdi>
      {trace_id && (
        <span className="block text-xs text-ink-soft">
          {words.trace} <code className="[overflow-wrap:anywhere]">{trace_id}</code>
        </span>
      )}
    </>
  );
}
