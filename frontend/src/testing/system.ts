import type { Bot, Health, Process, Provider, System } from "@/features/system/queries.ts";

/** For tests: a product that is well, at half past nine. */

export const HEALTH: Health = {
  status: "ok",
  version: "0.1.0",
  uptime_seconds: 93_600,
  database: { is_reachable: true, latency_ms: 1.57, pool_in_use: 3, pool_size: 20 },
  rate_limits: "memory",
};

export const BOT: Bot = {
  id: 42,
  username: "parley_bot",
  last_question_at: "2026-11-21T09:29:50Z",
  last_answer_delivered_at: null,
};

export const PROCESS: Process = {
  id: "1",
  bot_id: 42,
  host: "bot-1",
  pid: 7,
  release: "0.1.0",
  started_at: "2026-11-21T07:30:00Z",
  seen_at: "2026-11-21T09:29:57Z",
  is_alive: true,
};

export const PROVIDER: Provider = {
  model: "openai/gpt-5-mini",
  calls: 1312,
  failed: 0,
  last_success_at: "2026-11-21T09:29:40Z",
  last_failure_at: null,
  last_error: null,
};

export const SYSTEM: System = {
  as_of: "2026-11-21T09:30:00Z",
  bots: [BOT],
  processes: [PROCESS],
  queue: { waiting: 0, running: 1, oldest_waiting_seconds: null, dead: 0 },
  outbox: { pending: 0, oldest_pending_seconds: null, unknown_24h: 0 },
  providers: [PROVIDER],
  versions: {
    release: "0.1.0",
    schema_revision: "4d1f0c6a92be",
    is_newest_schema: true,
    postgresql: "18.1",
    python: "3.12.4",
  },
};
