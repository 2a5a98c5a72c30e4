import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { Problem } from "@/api/problem.ts";
import { Confirm } from "@/features/settings/confirm.tsx";
import { prepareAgent } from "@/features/settings/prepare-agent.ts";
import { endSession, type Session, sessionsQuery } from "@/features/settings/queries.ts";
import { useChange } from "@/features/settings/use-change.ts";
import { SESSIONS } from "@/features/settings/words.ts";
import { formatAge, formatMoment, formatTime } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { signOutEverywhere } from "@/lib/session.ts";
import { useServerNow } from "@/lib/use-now.ts";
import { Badge } from "@/ui/badge.tsx";
import { Button } from "@/ui/button.tsx";
import { Name } from "@/ui/name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { Refusal } from "@/ui/refusal.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

const FEW = 5;

export function SessionsPanel({ zone }: { zone: string }) {
  const words = useWords(SESSIONS);
  const query = useQuery(sessionsQuery);
  const ending = useEnding();
  const [isAll, setAll] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  return (
    <Panel
      title={words.title}
      note={words.note}
      query={query}
      skeleton={<RowsSkeleton rows={4} />}
      actions={
        <Button look="danger" onClick={() => setLeaving(true)}>
          {words.everywhere}
        </Button>
      }
    >
      {(sessions) => (
        <>
          {ending.problem && <Refusal problem={ending.problem} />}
          <p role="status" className="text-sm font-medium text-good">
            {ending.hasEnded && words.ended}
          </p>
          <ul className="divide-y divide-line">
            {inOrder(sessions, isAll).map((session) => (
              <SessionItem
                key={session.id}
                session={session}
                zone={zone}
                onEnd={() => void ending.run(session.id)}
              />
            ))}
          </ul>
          {!isAll && sessions.length > FEW && (
            <Button look="quiet" className="mt-2" onClick={() => setAll(true)}>
              {words.all(sessions.length)}
            </Button>
          )}
          {isLeaving && <Everywhere onClose={() => setLeaving(false)} />}
        </>
      )}
    </Panel>
  );
}

/** A session that somebody else has ended is ended, too. */
function useEnding() {
  const client = useQueryClient();
  const [hasEnded, setEnded] = useState(false);
  const action = useChange(async (id: string) => {
    setEnded(false);
    try {
      await endSession(id);
    } catch (error) {
      if (!(error instanceof Problem && error.kind === "missing")) throw error;
    }
    await client.invalidateQueries(sessionsQuery);
    setEnded(true);
  });
  return { ...action, hasEnded };
}

/** This one first, then those that were used last. */
function inOrder(sessions: Session[], isAll: boolean): Session[] {
  const rank = (session: Session) =>
    session.is_current ? Number.POSITIVE_INFINITY : Date.parse(session.last_seen_at);
  const sorted = sessions.toSorted((one, other) => rank(other) - rank(one));
  return isAll ? sorted : sorted.slice(0, FEW);
}

function SessionItem({
  session,
  zone,
  onEnd,
}: {
  session: Session;
  zone: string;
  onEnd: () => void;
}) {
  const words = useWords(SESSIONS);
  const { language } = useLanguage();
  const now = useServerNow();
  const device = useDevice(session.agent);
  const unused = Math.max(0, (now - Date.parse(session.last_seen_at)) / 1000);
  const until = formatTime(session.expires_at, zone, language);
  return (
    <li className="flex items-center gap-3 py-2.5 first:pt-0 last:pb-0">
      <MonitorSmartphone size={18} aria-hidden className="shrink-0 self-start text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium">
          <span title={session.agent ?? undefined} className="[overflow-wrap:anywhere]">
            <Name>{device}</Name>
          </span>
          {session.is_current && <Badge tone="accent">{words.here}</Badge>}
        </p>
        <p className="break-words text-sm text-ink-soft">
          {words.seen(formatAge(unused, language))}
          {session.address && (
            <>
              {" "}
              {words.from} <Name>{session.address}</Name>
            </>
          )}
        </p>
        <p className="text-xs text-ink-soft">
          {words.span(formatMoment(session.created_at, zone, language), until)}
        </p>
      </div>
      {!session.is_current && (
        <Button aria-label={words.endOf(device)} onClick={onEnd}>
          {words.end}
        </Button>
      )}
    </li>
  );
}

function useDevice(agent: string | null): string {
  const words = useWords(SESSIONS);
  const { program, system } = prepareAgent(agent);
  const name = program ?? words.unknownProgram;
  return system ? words.on(name, system) : name;
}

function Everywhere({ onClose }: { onClose: () => void }) {
  const words = useWords(SESSIONS);
  const client = useQueryClient();
  const router = useRouter();
  const action = useChange(() => signOutEverywhere(client, router));
  return (
    <Confirm
      title={words.everywhereTitle}
      yes={words.everywhere}
      isDanger
      action={action}
      onClose={onClose}
    >
      <p>{words.everywhereNote}</p>
    </Confirm>
  );
}
