"""The processes of the bots: each tells now and then that it is alive.

Nothing of the product depends on it: work is shared by leases. It is for people who look.
"""

import os
import socket
import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Integer, Interval, Text, Uuid, delete

from core.db.ids import new_id
from core.db.session import ReadSession, Session
from core.db.sql import sql
from core.db.tables import bot_processes

HEARTBEAT = timedelta(seconds=10)
#: a process that was silent for longer is taken for dead
ALIVE = 3 * HEARTBEAT
#: and after this long for forgotten
_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """This process, for one bot."""

    bot_id: int
    release: str
    id: UUID = field(default_factory=new_id)
    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    started: float = field(default_factory=time.monotonic)


async def beat(session: Session, process: Process) -> None:
    """Say that the process is alive, and forget those that were silent for long."""
    await session.execute(
        _BEAT,
        {
            "id": process.id,
            "bot_id": process.bot_id,
            "host": process.host,
            "pid": process.pid,
            "release": process.release,
            "age": timedelta(seconds=time.monotonic() - process.started),
        },
    )
    await session.execute(_SWEEP)


async def alive(session: ReadSession, bot_id: int) -> int:
    """How many processes the bot has at the moment."""
    rows = await session.execute(_ALIVE, {"bot_id": bot_id})
    return int(rows.scalar_one())


async def leave(session: Session, process: Process) -> None:
    await session.execute(delete(bot_processes).where(bot_processes.c.id == process.id))


# A row that was swept while the database was away comes back as it was.
_BEAT = sql(
    """
    INSERT INTO bot_processes (id, bot_id, host, pid, release, started_at)
    VALUES (:id, :bot_id, :host, :pid, :release, now() - :age)
    ON CONFLICT (id) DO UPDATE SET seen_at = now()
    """,
    id=Uuid,
    host=Text,
    pid=Integer,
    release=Text,
    age=Interval,
)

_ALIVE = sql(
    "SELECT count(*) FROM bot_processes WHERE bot_id = :bot_id AND seen_at > now() - :alive",
    alive=Interval,
).bindparams(alive=ALIVE)

# Rows that somebody else is about to renew or remove are passed over, so that nobody waits.
_SWEEP = sql(
    """
    DELETE FROM bot_processes WHERE id IN (
        SELECT id FROM bot_processes WHERE seen_at < now() - :kept FOR UPDATE SKIP LOCKED
    )
    """,
    kept=Interval,
).bindparams(kept=_KEPT)
