"""How the product runs just now: what waits, who works, which models answer. For people who look.

Each statement reads a few rows of an index; all times are the database's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Interval, bindparam, text

from core.db.session import ReadSession
from core.processes import ALIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class BotState:
    id: int
    username: str
    last_question_at: datetime | None
    #: of the newest question whose answer has arrived
    last_answer_delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessState:
    id: UUID
    bot_id: int
    host: str
    pid: int
    release: str
    started_at: datetime
    seen_at: datetime
    is_alive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """Updates of Telegram."""

    waiting: int
    running: int
    oldest_waiting_seconds: float | None
    #: given up, with their reason in the table
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxState:
    """Parts of answers."""

    pending: int
    oldest_pending_seconds: float | None
    #: answers to the questions of the last 24 hours, as `delivery_unknown` counts them
    unknown_24h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnState:
    """Turns that could reach no model, and are tried again and again."""

    waiting: int
    #: since the first of them could reach none
    oldest_waiting_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    queue: QueueState
    turns: TurnState
    outbox: OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderState:
    """Calls to a model in the last hour."""

    model: str
    calls: int
    failed: int
    last_success_at: datetime | None
    last_failure_at: datetime | None
    #: why the newest failed call failed; `orphaned` where its process died
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    as_of: datetime
    postgresql: str
    bots: Sequence[BotState]
    processes: Sequence[ProcessState]
    queue: QueueState
    outbox: OutboxState
    providers: Sequence[ProviderState]


async def look(session: ReadSession) -> System:
    [server] = await _rows(session, "server", _SERVER)
    waiting = await look_at_waiting(session)
    return System(
        as_of=server["as_of"],
        postgresql=server["postgresql"],
        bots=[BotState(**row) for row in await _rows(session, "bots", _BOTS)],
        processes=[ProcessState(**row) for row in await _rows(session, "processes", _PROCESSES)],
        queue=waiting.queue,
        outbox=waiting.outbox,
        providers=[ProviderState(**row) for row in await _rows(session, "providers", _PROVIDERS)],
    )


async def look_at_waiting(session: ReadSession) -> Waiting:
    [queue] = await _rows(session, "queue", _QUEUE)
    [turns] = await _rows(session, "turns", _TURNS)
    [outbox] = await _rows(session, "outbox", _OUTBOX)
    return Waiting(
        queue=QueueState(**queue), turns=TurnState(**turns), outbox=OutboxState(**outbox)
    )


async def _rows(session: ReadSession, name: str, statement: Any) -> Sequence[Any]:
    found = await session.execute(statement.execution_options(query=f"system.{name}"))
    return found.mappings().all()


_SERVER = text(
    "SELECT now() AS as_of, split_part(current_setting('server_version'), ' ', 1) AS postgresql"
)

_BOTS = text(
    """
    SELECT bots.id, bots.username, newest.created_at AS last_question_at,
           answered.finished_at AS last_answer_delivered_at
    FROM bots
    LEFT JOIN LATERAL (
        SELECT created_at FROM turns WHERE turns.bot_id = bots.id
        ORDER BY created_at DESC LIMIT 1
    ) AS newest ON true
    LEFT JOIN LATERAL (
        SELECT finished_at FROM turns
        WHERE turns.bot_id = bots.id AND finished_at IS NOT NULL AND answer_length > 0
          AND state <> 'undeliverable'
        ORDER BY created_at DESC LIMIT 1
    ) AS answered ON true
    ORDER BY bots.id
    """
)

_PROCESSES = text(
    """
    SELECT id, bot_id, host, pid, release, started_at, seen_at, seen_at > now() - :alive AS is_alive
    FROM bot_processes ORDER BY bot_id, started_at, id
    """
).bindparams(bindparam("alive", ALIVE, type_=Interval))

_AGE = "CAST(extract(epoch FROM now() - {}) AS double precision)"

_QUEUE = text(
    f"""
    SELECT count(*) FILTER (WHERE state = 'pending') AS waiting,
           count(*) FILTER (WHERE state = 'running') AS running,
           {_AGE.format("min(received_at) FILTER (WHERE state = 'pending')")}
               AS oldest_waiting_seconds,
           (SELECT count(*) FROM inbox WHERE state = 'dead') AS dead
    FROM inbox WHERE state IN ('pending', 'running')
    """
)

# While it is tried again such a turn is `generating` for a moment, and still waits.
_TURNS = text(
    f"""
    SELECT count(*) AS waiting, {_AGE.format("min(waiting_since)")} AS oldest_waiting_seconds
    FROM turns
    WHERE state IN ('received', 'generating', 'waiting_provider') AND waiting_since IS NOT NULL
    """
)

_OUTBOX = text(
    f"""
    SELECT count(*) AS pending, {_AGE.format("min(created_at)")} AS oldest_pending_seconds,
           (SELECT CAST(coalesce(sum(delivery_unknown), 0) AS bigint) FROM stats_totals
            WHERE grain = 'hour'
              AND bucket > date_trunc('hour', now(), 'UTC') - interval '24 hours') AS unknown_24h
    FROM outbox WHERE state IN ('pending', 'sending')
    """
)

_PROVIDERS = text(
    """
    SELECT target AS model, count(*) AS calls,
           count(*) FILTER (WHERE outcome IN ('failed', 'orphaned')) AS failed,
           max(created_at) FILTER (WHERE outcome = 'answered') AS last_success_at,
           max(created_at) FILTER (WHERE outcome IN ('failed', 'orphaned')) AS last_failure_at,
           (array_agg(coalesce(error_kind, outcome) ORDER BY created_at DESC)
               FILTER (WHERE outcome IN ('failed', 'orphaned')))[1] AS last_error
    FROM llm_attempts WHERE created_at > now() - interval '1 hour'
    GROUP BY target ORDER BY calls DESC, target
    """
)
