"""Erasing a person from the inbox: their raw updates, and others' that quote or name them.

What people forward or say of each other in their own chats is theirs and stays. In groups, messages
come with the messages that they answer: those of the person go.
"""

import json
from datetime import datetime
from functools import partial

from sqlalchemy import DateTime, Text

from core.chat import updates
from core.db.session import Session
from core.db.sql import sql


async def lock(session: Session, bot_id: int, user_id: int) -> None:
    """Wait for what is being stored of the person's updates; whoever works on them waits for us."""
    await session.execute(_LOCK, {"bot_id": bot_id, "user_id": user_id})


async def erase(session: Session, bot_id: int, user_id: int, *, until: datetime) -> None:
    """Erase what came until then. Updates that somebody works on just now are of later."""
    named = {
        "bot_id": bot_id,
        "user_id": user_id,
        "until": until,
        "mention": rf'"id": ?{user_id}\M',
    }
    await session.execute(_ERASE_CLOSED, named)
    for row in (await session.execute(_OPEN, named)).all():
        item = {"bot_id": bot_id, "seq": row.seq}
        if user_id in (row.user_id, updates.author_of(updates.event_of(row.raw))):
            await session.execute(_ERASE, item)
        else:
            kept = json.dumps(updates.without(row.raw, user_id))
            await session.execute(_REWRITE, item | {"raw": kept})


_sql = partial(sql, mention=Text, raw=Text, until=DateTime(timezone=True))

_LOCK = _sql(
    """
    SELECT FROM inbox
    WHERE bot_id = :bot_id AND user_id = :user_id AND state IN ('pending', 'running')
    ORDER BY seq FOR UPDATE
    """
)

# Updates without a person may be those of a release that did not know whose they were.
_ERASE_CLOSED = _sql(
    """
    DELETE FROM inbox WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM inbox
        WHERE bot_id = :bot_id AND state IN ('done', 'dead') AND received_at <= :until
          AND (user_id = :user_id
               OR (lane LIKE '-%' OR lane IS NULL OR user_id IS NULL)
                  AND CAST(raw AS text) ~ :mention)
        FOR UPDATE SKIP LOCKED
    ))
    """
)
_OPEN = _sql(
    """
    SELECT seq, user_id, raw FROM inbox
    WHERE bot_id = :bot_id AND state IN ('pending', 'running') AND received_at <= :until
      AND (user_id = :user_id
           OR (lane LIKE '-%' OR lane IS NULL OR user_id IS NULL) AND CAST(raw AS text) ~ :mention)
    FOR UPDATE SKIP LOCKED
    """
)
_ERASE = _sql(
    """
    UPDATE inbox
    SET state = 'done', reason = 'erased', raw = '{}', user_id = NULL, lane = NULL,
        identity = 'erased:' || seq, epoch = epoch + 1, lease_until = NULL, finished_at = now()
    WHERE bot_id = :bot_id AND seq = :seq AND state IN ('pending', 'running')
    """
)
_REWRITE = _sql(
    """
    UPDATE inbox SET raw = CAST(:raw AS json)
    WHERE bot_id = :bot_id AND seq = :seq AND state IN ('pending', 'running')
    """
)
