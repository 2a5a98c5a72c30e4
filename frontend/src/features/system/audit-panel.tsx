import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { RotateCw } from "lucide-react";
import { AUDIT } from "@/features/system/audit-words.ts";
import { type Deed, prepareDeed } from "@/features/system/prepare-audit.ts";
import { type AuditEntry, auditQuery } from "@/features/system/queries.ts";
import { formatMoment } from "@/lib/dates.ts";
import { MISSING } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { Button } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";
import { Name } from "@/ui/name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

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

/** Columns where there is room for them, and below each other where there is none. */
const GRID =
  "sm:grid sm:grid-cols-[11rem_minmax(5rem,9rem)_minmax(0,1fr)_minmax(8rem,18.5rem)] sm:gap-x-5";

function Entries({ entries, zone }: { entries: AuditEntry[]; zone: string }) {
  const words = useWords(AUDIT);
  return (
    <>
      <div aria-hidden className={clsx(GRID, "hidden border-b border-line pb-1.5 text-xs")}>
        {[`${words.when}, ${zone}`, words.who, words.what, words.where].map((title) => (
          <span key={title} className="text-ink-soft">
            {title}
          </span>
        ))}
      </div>
      <ol className="divide-y divide-line text-sm">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} zone={zone} />
        ))}
      </ol>
    </>
  );
}

function Entry({ entry, zone }: { entry: AuditEntry; zone: string }) {
  const { language } = useLanguage();
  return (
    <li className={clsx(GRID, "py-2")}>
      <div className="flex justify-between gap-3 text-ink-soft sm:contents sm:text-ink">
        <time dateTime={entry.at} className="sm:whitespace-nowrap">
          {formatMoment(entry.at, zone, language)}
        </time>
        <Actor name={entry.actor} />
      </div>
      <What deed={prepareDeed(entry)} />
      <Where entry={entry} />
    </li>
  );
}

function Actor({ name }: { name: string | null }) {
  const words = useWords(AUDIT);
  if (name === null) return <span className="text-ink-soft">{words.nobody}</span>;
  if (name === TERMINAL) return <span className="text-ink-soft">{words.terminal}</span>;
  return <Name className="break-all">{name}</Name>;
}

function What({ deed }: { deed: Deed }) {
  const words = useWords(AUDIT);
  const { id, word, subject, isWarning, dialogId } = deed;
  const said = id ? words.deeds[id](subject ?? words.somebody) : [word, subject].join(" ").trim();
  const facts = useFacts(deed);
  return (
    <div className="min-w-0">
      <p className={isWarning ? "break-words font-medium text-bad" : "break-words"}>{said}</p>
      {facts.length > 0 && (
        <p className="text-xs text-ink-soft [overflow-wrap:anywhere]">
          <Name>{facts.join(", ")}</Name>
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
    <div className="min-w-0 max-sm:mt-0.5 max-sm:text-xs max-sm:text-ink-soft">
      <Name className="break-all">{address ?? MISSING}</Name>
      {trace_id && (
        <span className="block text-xs text-ink-soft">
          {words.trace}{" "}
          <code className="[overflow-wrap:anywhere]">
            <Name>{trace_id}</Name>
          </code>
        </span>
      )}
    </div>
  );
}
