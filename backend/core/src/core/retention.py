"""Retention: deletes, in small transactions, what has been kept for long enough.

No number depends on it: turns, messages and calls stay. Sessions and failed sign-ins are the API's
to sweep.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Integer, Interval, TextClause, text

from core.db.session import Database
from core.db.sql import sql

#: rows of a transaction
BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """For how long."""

    raw_updates: timedelta
    audit_log: timedelta


async def sweep(database: Database, kept: Kept, *, batch: int = BATCH) -> dict[str, int]:
    """Delete what is older; returns the number of rows by table, of those that had any.

    One process sweeps at a time: another one that tries meanwhile finds nothing to do.
    """
    swept: dict[str, int] = {}
    ages = {
        "inbox": kept.raw_updates,
        "outbox": kept.raw_updates,
        "audit_log": kept.audit_log,
        "chat_floods": timedelta(),
        "closed_chats": kept.raw_updates,
    }
    for table, age in ages.items():
        while deleted := await _delete(database, _DELETE[table], age, batch):
            swept[table] = swept.get(table, 0) + deleted
            if deleted < batch:
                break
    return swept


async def _delete(database: Database, statement: TextClause, age: timedelta, batch: int) -> int:
    async with database.write() as session:
        if not (await session.execute(_TRY_LOCK)).scalar_one():
            return 0
        return (await session.execute(statement, {"age": age, "batch": batch})).rowcount


_sql = partial(sql, age=Interval, batch=Integer)

_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('parley.retention'))")

_DELETE = {
    "inbox": _sql(
        """
        DELETE FROM inbox WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM inbox
            WHERE received_at < now() - :age AND state IN ('done', 'dead')
            LIMIT :batch FOR UPDATE SKIP LOCKED
        ))
        """
    ),
    # the product's own sentences; parts of answers stay, for reactions to find their turn
    "outbox": _sql(
        """
        DELETE FROM outbox WHERE id = ANY (ARRAY(
            SELECT id FROM outbox
            WHERE turn_id IS NULL AND created_at < now() - :age
              AND state NOT IN ('pending', 'sending')
            LIMIT :batch FOR UPDATE SKIP LOCKED
        ))
        """
    ),
    "chat_floods": _sql(
        """
        DELETE FROM chat_floods WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM chat_floods WHERE until < now() - :age
            LIMIT :batch FOR UPDATE SKIP LOCKED
        ))
        """
    ),
    # by then whatever was asked before has come to its end
    "closed_chats": _sql(
        """
        DELETE FROM closed_chats WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM closed_chats WHERE closed_at < now() - :age
            LIMIT :batch FOR UPDATE SKIP LOCKED
        ))
        """
    ),
    "audit_log": _sql(
        """
        DELETE FROM audit_log WHERE id = ANY (ARRAY(
            SELECT id FROM audit_log WHERE at < now() - :age LIMIT :batch FOR UPDATE SKIP LOCKED
        ))
        """
    ),
}
