import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Problem } from "@/api/problem.ts";
import { AttentionPanel } from "@/features/system/attention-panel.tsx";
import { AuditPanel } from "@/features/system/audit-panel.tsx";
import { BotsPanel } from "@/features/system/bots-panel.tsx";
import { ModelsPanel } from "@/features/system/models-panel.tsx";
import {
  awayTrouble,
  healthTroubles,
  systemTroubles,
  type Trouble,
  worstFirst,
} from "@/features/system/prepare-troubles.ts";
import {
  ASK_MS,
  type Health,
  healthQuery,
  type System,
  systemQuery,
} from "@/features/system/queries.ts";
import { QueuePanel } from "@/features/system/queue-panel.tsx";
import { ServicePanel } from "@/features/system/service-panel.tsx";
import { VersionsPanel } from "@/features/system/versions-panel.tsx";
import { SYSTEM } from "@/features/system/words.ts";
import { formatAge } from "@/lib/dates.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useMe } from "@/lib/session.ts";
import { useNow } from "@/lib/use-now.ts";
import { useView } from "@/lib/use-view.ts";
import { type Asked, useProblem } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";

export function SystemPage() {
  const words = useWords(SYSTEM);
  const me = useMe();
  const [{ tz = "UTC" }] = useView();
  const health = useQuery(healthQuery);
  const system = useQuery(systemQuery);
  const isAway = isSilent(health);
  const troubles = useTroubles(health.data, system.data, isAway ? health.dataUpdatedAt : null);
  const isExplained = isAway || health.data?.database.is_reachable === false;
  return (
    <>
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h1 className="text-xl font-semibold">{words.title}</h1>
        <Freshness heardAt={Math.min(health.dataUpdatedAt, system.dataUpdatedAt)} isAway={isAway} />
      </header>
      <AttentionPanel troubles={troubles} />
      {!isExplained && <Refused query={system} />}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="grid gap-4">
          <ServicePanel query={isAway ? told(health) : health} isAway={isAway} />
          <VersionsPanel query={told(system)} />
        </div>
        <QueuePanel query={told(system)} />
      </div>
      <BotsPanel query={told(system)} zone={tz} />
      <ModelsPanel query={told(system)} zone={tz} />
      {me?.role === "admin" && <AuditPanel zone={tz} />}
    </>
  );
}

/** Said once for all panels of one question. */
function Refused({ query }: { query: Asked<System> }) {
  const problem = useProblem(query);
  return problem && <ProblemNote problem={problem} onAgain={() => void query.refetch()} />;
}

/** A question whose problem stands elsewhere on the page; what it has answered stays. */
function told<T>(query: Asked<T>): Asked<T> {
  return { ...query, error: null, isPending: query.data === undefined };
}

/** What was never answered forgets its error while it is asked again. */
function isSilent({ data, error, errorUpdateCount }: UseQueryResult<Health>): boolean {
  if (error === null) return data === undefined && errorUpdateCount > 0;
  return error instanceof Problem && error.isPassing;
}

/** Null until something is known; what the service said before it fell silent may be over. */
function useTroubles(
  health: Health | undefined,
  system: System | undefined,
  silentSince: number | null,
): Trouble[] | null {
  const now = useNow();
  if (silentSince !== null) return [awayTrouble(silentSince, now)];
  const found = [
    ...(health ? healthTroubles(health) : []),
    ...(system ? systemTroubles(system) : []),
  ];
  return found.length === 0 && !(health && system) ? null : worstFirst(found);
}

function Freshness({ heardAt, isAway }: { heardAt: number; isAway: boolean }) {
  const words = useWords(SYSTEM);
  const { language } = useLanguage();
  const age = useNow() - heardAt;
  const isFresh = !isAway && age < 2 * ASK_MS;
  if (heardAt === 0) return null;
  return (
    <p className="flex items-center gap-2 text-sm text-ink-soft">
      <span
        aria-hidden
        className={clsx("size-2 shrink-0 rounded-full", isFresh ? "bg-good" : "bg-bad")}
      />
      {age < 1500 ? words.now : words.last(formatAge(age / 1000, language))}, {words.asked}
    </p>
  );
}
