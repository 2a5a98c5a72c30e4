import { describe, expect, it } from "vitest";
import {
  awayTrouble,
  healthTroubles,
  systemTroubles,
  worstFirst,
} from "@/features/system/prepare-troubles.ts";
import type { Health, Provider, System } from "@/features/system/queries.ts";
import { BOT, HEALTH, PROCESS, PROVIDER, SYSTEM } from "@/testing/system.ts";

const ids = (troubles: { id: string; tone: string }[]) =>
  troubles.map(({ id, tone }) => `${id} ${tone}`);

describe("of the service", () => {
  const database = HEALTH.database;
  it.each<[string, Partial<Health>, string[]]>([
    ["none", {}, []],
    [
      "an away database",
      { database: { ...database, is_reachable: false, latency_ms: null } },
      ["database_away bad"],
    ],
    ["a slow database", { database: { ...database, latency_ms: 300 } }, ["database_slow warn"]],
    ["a full pool", { database: { ...database, pool_in_use: 17 } }, ["pool_full warn"]],
    ["a pool at its limit of good", { database: { ...database, pool_in_use: 16 } }, []],
    ["Redis away", { rate_limits: "memory_fallback" }, ["redis_away warn"]],
    ["Redis there", { rate_limits: "redis" }, []],
  ])("%s", (_, change, troubles) => {
    expect(ids(healthTroubles({ ...HEALTH, ...change }))).toEqual(troubles);
  });

  it("is away since its last answer, if there was any", () => {
    expect(awayTrouble(1000, 31_000)).toMatchObject({
      id: "service_away",
      amount: [30_000, "milliseconds"],
    });
    expect(awayTrouble(0, 31_000)).toEqual({ id: "service_silent", tone: "bad" });
  });
});

describe("of the product", () => {
  const dead = { ...PROCESS, id: "2", is_alive: false, seen_at: "2026-11-21T09:28:00Z" };
  it.each<[string, Partial<System>, string[]]>([
    ["none", {}, []],
    [
      "an old schema",
      { versions: { ...SYSTEM.versions, is_newest_schema: false } },
      ["schema_old bad"],
    ],
    ["no bot at all", { bots: [], processes: [] }, ["no_bot warn"]],
    ["a bot without a process", { processes: [] }, ["bot_unserved bad"]],
    ["a bot whose one process is silent", { processes: [dead] }, ["bot_unserved bad"]],
    ["one silent process of two", { processes: [PROCESS, dead] }, ["process_silent warn"]],
    [
      "a second bot that nobody serves",
      { bots: [BOT, { ...BOT, id: 43, username: "other_bot" }] },
      ["bot_unserved bad"],
    ],
    [
      "two releases",
      { processes: [PROCESS, { ...PROCESS, id: "3", release: "0.2.0" }] },
      ["releases_differ warn"],
    ],
    [
      "a release that is dead",
      { processes: [PROCESS, { ...dead, release: "0.0.9" }] },
      ["process_silent warn"],
    ],
    ["a short wait", { queue: { ...SYSTEM.queue, oldest_waiting_seconds: 14.9 } }, []],
    ["a wait", { queue: { ...SYSTEM.queue, oldest_waiting_seconds: 15 } }, ["queue_waits warn"]],
    [
      "a long wait",
      { queue: { ...SYSTEM.queue, oldest_waiting_seconds: 60 } },
      ["queue_waits bad"],
    ],
    [
      "an answer that waits",
      { outbox: { ...SYSTEM.outbox, oldest_pending_seconds: 61 } },
      ["outbox_waits bad"],
    ],
    ["messages given up", { queue: { ...SYSTEM.queue, dead: 1 } }, ["queue_dead warn"]],
    [
      "unknown deliveries",
      { outbox: { ...SYSTEM.outbox, unknown_24h: 2 } },
      ["delivery_unknown warn"],
    ],
  ])("%s", (_, change, troubles) => {
    expect(ids(systemTroubles({ ...SYSTEM, ...change }))).toEqual(troubles);
  });

  it.each<[string, Partial<Provider>, string[]]>([
    ["answers", {}, []],
    ["was not asked", { calls: 0, failed: 0, last_success_at: null }, []],
    ["failed twice of ten", { calls: 10, failed: 2, last_failure_at: "2026-11-21T09:20:00Z" }, []],
    [
      "failed thrice of ten",
      { calls: 10, failed: 3, last_failure_at: "2026-11-21T09:20:00Z" },
      ["model_fails warn"],
    ],
    ["failed thrice of a hundred", { calls: 100, failed: 3 }, []],
    [
      "failed mostly, and last",
      { calls: 10, failed: 5, last_failure_at: "2026-11-21T09:29:59Z" },
      ["model_down bad"],
    ],
    [
      "failed mostly, and is back",
      { calls: 10, failed: 5, last_failure_at: "2026-11-21T09:20:00Z" },
      ["model_fails warn"],
    ],
    [
      "never answered",
      { calls: 1, failed: 1, last_success_at: null, last_failure_at: "2026-11-21T09:20:00Z" },
      ["model_down bad"],
    ],
  ])("a model that %s", (_, change, troubles) => {
    const providers = [{ ...PROVIDER, ...change }];
    expect(ids(systemTroubles({ ...SYSTEM, providers }))).toEqual(troubles);
  });

  it("stands with the worst first, else in its order", () => {
    const sorted = worstFirst([
      { id: "redis_away", tone: "warn" },
      { id: "schema_old", tone: "bad" },
      { id: "queue_dead", tone: "warn" },
      { id: "bot_unserved", tone: "bad" },
    ]);
    expect(sorted.map(({ id }) => id)).toEqual([
      "schema_old",
      "bot_unserved",
      "redis_away",
      "queue_dead",
    ]);
  });
});
