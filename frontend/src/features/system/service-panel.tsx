import { Fact, Facts } from "@/features/system/fact.tsx";
import { formatUptime } from "@/features/system/prepare-uptime.ts";
import type { Health } from "@/features/system/queries.ts";
import { SYSTEM } from "@/features/system/words.ts";
import { formatInteger, formatValue } from "@/lib/format.ts";
import { useLanguage, useWords } from "@/lib/language.tsx";
import { useNow } from "@/lib/use-now.ts";
import { type Asked, Panel } from "@/ui/panel.tsx";
import { Skeleton } from "@/ui/skeleton.tsx";

export function ServicePanel({ query, isAway }: { query: Asked<Health>; isAway: boolean }) {
  const words = useWords(SYSTEM).service;
  return (
    <Panel title={words.title} query={query} skeleton={<Skeleton className="h-28" />}>
      {(health) => (
        <Facts>
          <Fact title={words.status} tone={isAway ? "bad" : TONES[health.status]}>
            {words.statuses[isAway ? "away" : health.status]}
          </Fact>
          <Fact title={words.version}>{health.version}</Fact>
          <Fact title={words.uptime}>
            <Uptime
              seconds={health.uptime_seconds}
              receivedAt={query.dataUpdatedAt}
              isStopped={isAway}
            />
          </Fact>
          <DatabaseFacts health={health} />
          <Fact
            title={words.store}
            tone={health.rate_limits === "memory_fallback" ? "warn" : "plain"}
          >
            {words.stores[health.rate_limits]}
          </Fact>
        </Facts>
      )}
    </Panel>
  );
}

const TONES = { ok: "good", degraded: "warn" } as const;

function DatabaseFacts({ health: { database } }: { health: Health }) {
  const words = useWords(SYSTEM).service;
  const { language } = useLanguage();
  return (
    <>
      <Fact title={words.latency} tone={database.is_reachable ? "plain" : "bad"}>
        {database.is_reachable
          ? formatValue(database.latency_ms, "milliseconds", language)
          : words.away}
      </Fact>
      <Fact title={words.pool}>
        {words.poolOf(
          formatInteger(database.pool_in_use, language),
          formatInteger(database.pool_size, language),
        )}
      </Fact>
    </>
  );
}

/** Goes on between answers, as long as there are any. */
function Uptime({
  seconds,
  receivedAt,
  isStopped,
}: {
  seconds: number;
  receivedAt: number;
  isStopped: boolean;
}) {
  const { language } = useLanguage();
  const passed = Math.max(0, useNow() - receivedAt) / 1000;
  return formatUptime(isStopped ? seconds : seconds + passed, language);
}
