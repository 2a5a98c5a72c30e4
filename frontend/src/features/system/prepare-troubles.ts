import type { Unit } from "@/api/types.ts";
import type { Health, Process, Provider, System } from "@/features/system/queries.ts";

/** What asks for somebody's attention, the worst first. Its words and what to do are in words. */
export type TroubleId =
  | "service_away"
  | "service_silent"
  | "database_away"
  | "database_slow"
  | "pool_full"
  | "redis_away"
  | "schema_old"
  | "no_bot"
  | "bot_unserved"
  | "process_silent"
  | "releases_differ"
  | "queue_waits"
  | "queue_dead"
  | "outbox_waits"
  | "delivery_unknown"
  | "model_down"
  | "model_fails";

export type Trouble = {
  id: TroubleId;
  tone: "bad" | "warn";
  /** Of the bot, the process or the model that it is about. */
  name?: string;
  amount?: [value: number, unit: Unit];
  /** Why a model's last call failed. */
  error?: string | null;
};

const SLOW_DATABASE_MS = 250;
const FULL_POOL = 0.8;
const LONG_WAIT_S = 15;
const TOO_LONG_WAIT_S = 60;
const DOWN_SHARE = 0.5;
const FAILING_SHARE = 0.1;
const FEW_FAILURES = 3;

export function worstFirst(troubles: Trouble[]): Trouble[] {
  return troubles.toSorted(
    (one, other) => Number(one.tone === "warn") - Number(other.tone === "warn"),
  );
}

/** When the service was heard last; 0 for never. */
export function awayTrouble(heardAt: number, now: number): Trouble {
  if (heardAt === 0) return { id: "service_silent", tone: "bad" };
  return { id: "service_away", tone: "bad", amount: [now - heardAt, "milliseconds"] };
}

export function healthTroubles({ database, rate_limits }: Health): Trouble[] {
  const found: (Trouble | false)[] = [
    !database.is_reachable && { id: "database_away", tone: "bad" },
    (database.latency_ms ?? 0) > SLOW_DATABASE_MS && {
      id: "database_slow",
      tone: "warn",
      amount: [database.latency_ms ?? 0, "milliseconds"],
    },
    database.pool_in_use > database.pool_size * FULL_POOL && {
      id: "pool_full",
      tone: "warn",
      amount: [database.pool_in_use / database.pool_size, "share"],
    },
    rate_limits === "memory_fallback" && { id: "redis_away", tone: "warn" },
  ];
  return found.filter((one) => one !== false);
}

export function systemTroubles(system: System): Trouble[] {
  const { queue, outbox, versions } = system;
  return [
    ...(versions.is_newest_schema ? [] : [{ id: "schema_old", tone: "bad" } as const]),
    ...botTroubles(system),
    ...releaseTroubles(system),
    ...waiting("queue_waits", queue.oldest_waiting_seconds),
    ...waiting("outbox_waits", outbox.oldest_pending_seconds),
    ...counted("queue_dead", queue.dead),
    ...counted("delivery_unknown", outbox.unknown_24h),
    ...system.providers.flatMap(modelTroubles),
  ];
}

/** A bot that nobody serves is worse than one of its processes that is silent. */
function botTroubles({ bots, processes, as_of }: System): Trouble[] {
  if (bots.length === 0) return [{ id: "no_bot", tone: "warn" }];
  return bots.flatMap((bot): Trouble[] => {
    const own = processes.filter((process) => process.bot_id === bot.id);
    if (!own.some((process) => process.is_alive)) {
      return [{ id: "bot_unserved", tone: "bad", name: `@${bot.username}` }];
    }
    return own.filter((process) => !process.is_alive).map((process) => silent(process, as_of));
  });
}

function silent(process: Process, asOf: string): Trouble {
  const age = Date.parse(asOf) - Date.parse(process.seen_at);
  return {
    id: "process_silent",
    tone: "warn",
    name: processName(process),
    amount: [age, "milliseconds"],
  };
}

export function processName({ host, pid }: Pick<Process, "host" | "pid">): string {
  return `${host} · ${pid}`;
}

function releaseTroubles({ processes, versions }: System): Trouble[] {
  const alive = processes.filter((process) => process.is_alive).map((process) => process.release);
  const releases = [...new Set([versions.release, ...alive])];
  if (releases.length === 1) return [];
  return [{ id: "releases_differ", tone: "warn", name: releases.toSorted().join(", ") }];
}

function waiting(id: "queue_waits" | "outbox_waits", seconds: number | null): Trouble[] {
  if (seconds === null || seconds < LONG_WAIT_S) return [];
  const tone = seconds < TOO_LONG_WAIT_S ? "warn" : "bad";
  return [{ id, tone, amount: [seconds * 1000, "milliseconds"] }];
}

function counted(id: "queue_dead" | "delivery_unknown", count: number): Trouble[] {
  return count > 0 ? [{ id, tone: "warn", amount: [count, "count"] }] : [];
}

/** Down is a model whose last call failed, as most of the hour did. */
function modelTroubles(provider: Provider): Trouble[] {
  const { model, calls, failed, last_error } = provider;
  if (calls === 0 || failed === 0) return [];
  const share = failed / calls;
  const isDown = share >= DOWN_SHARE && hasFailedLast(provider);
  if (!isDown && (share < FAILING_SHARE || failed < FEW_FAILURES)) return [];
  return [
    {
      id: isDown ? "model_down" : "model_fails",
      tone: isDown ? "bad" : "warn",
      name: model,
      amount: [share, "share"],
      error: last_error,
    },
  ];
}

function hasFailedLast({ last_success_at: success, last_failure_at: failure }: Provider): boolean {
  if (failure === null) return false;
  return success === null || Date.parse(failure) > Date.parse(success);
}
