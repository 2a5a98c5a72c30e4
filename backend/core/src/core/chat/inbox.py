"""The inbox: raw updates in, one running item per lane out.

The row is the queue item. A claim raises the item's epoch and gives it a lease by the database's
clock; whoever holds an older epoch can finish nothing (`Fenced`). An item whose lease runs out is
claimable again, so a killed process needs no cleaning up after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, Text, TextClause

from core.db.session import Session
from core.db.sql import sql


class Fenced(Exception):
    """The item was handed to somebody else in the meantime: write nothing."""


def lane_of(chat_id: object, thread_id: object = 0) -> str:
    """The lane of what has an order within a chat, or within one of its threads."""
    return f"{chat_id}:{thread_id or 0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An update as it came, with what is needed to queue it without understanding it."""

    update_id: int
    #: tells two updates apart that Telegram gave the same id, weeks apart: of a message "message",
    #: chat, number and moment with colons between, of an edit of it "edited_message" and the same
    identity: str
    #: null bypasses the order of the chat (Stop, buttons)
    lane: str | None
    kind: str
    #: JSON text
    raw: str
    #: set when it is known to be unusable: it is kept, parked, and never claimed
    reason: str | None = None
    #: whose doing it is, and when by Telegram's clock in seconds, as far as they are known
    user_id: int | None = None
    sent_at: int | None = None


#: a claim: the item's number, and its epoch
Hold = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A claimed item."""

    bot_id: int
    seq: int
    update_id: int
    epoch: int
    #: claims so far, this one included
    attempts: int
    kind: str
    raw: Any
    #: by the database's clock
    received_at: datetime
    queue_ms: int
    #: the newest edit of this message, as it waits behind it
    edit: Any = None

    @property
    def hold(self) -> Hold:
        return self.seq, self.epoch


async def accept(session: Session, bot_id: int, updates: Sequence[Incoming]) -> list[str]:
    """Store updates in their order; those already there are passed over.

    So are those that people did before all of theirs was erased, when somebody brings them again.
    Telegram tells whole seconds: what was done in the second of the erasure counts as later.

    Wakes the workers of every process when the transaction commits. Returns the new ones' kinds.
    """
    result = await session.execute(
        _ACCEPT,
        {
            "bot_id": bot_id,
            "update_ids": [update.update_id for update in updates],
            "identities": [update.identity for update in updates],
            "lanes": [update.lane for update in updates],
            "kinds": [update.kind for update in updates],
            "raws": [update.raw for update in updates],
            "reasons": [update.reason for update in updates],
            "user_ids": [update.user_id for update in updates],
            "sent_at": [update.sent_at for update in updates],
        },
    )
    return [row.kind for row in result]


async def lock_lanes(session: Session, lanes: Sequence[str]) -> None:
    """Make concurrent `accept`s of one lane commit in the order of their sequence numbers."""
    for lane in sorted(set(lanes)):
        await session.execute(_LOCK_LANE, {"lane": lane})


async def claim(session: Session, bot_id: int, *, limit: int, lease: timedelta) -> list[Work]:
    """Take up to `limit` items that may run now, oldest first, at most one per lane."""
    rows = await session.execute(_CLAIM, {"bot_id": bot_id, "limit": limit, "lease": lease})
    return sorted((Work(**row) for row in rows.mappings()), key=lambda work: work.seq)


async def renew(session: Session, works: Sequence[Work], *, lease: timedelta) -> set[Hold]:
    """Extend the leases; returns the claims that somebody else has taken over.

    An item that was finished in the meantime is neither held nor lost.
    """
    held = {"seqs": [work.seq for work in works], "epochs": [work.epoch for work in works]}
    rows = await session.execute(_RENEW, held | {"lease": lease})
    if len(rows.all()) == len(works):
        return set()
    return {(seq, epoch) for seq, epoch in await session.execute(_LOST, held)}


async def finish(session: Session, work: Work) -> None:
    """Close the item in the transaction that holds its result; raises Fenced."""
    await _settle(session, _FINISH, work)


async def forget(session: Session, work: Work) -> None:
    """Close the item and keep nothing of what was in it; raises Fenced."""
    await _settle(session, _FORGET, work)


async def release(session: Session, work: Work) -> None:
    """Hand the item back untouched, for another worker to take at once."""
    await _settle(session, _RELEASE, work)


async def retry(session: Session, work: Work, *, delay: timedelta, reason: str) -> None:
    await _settle(session, _RETRY, work, delay=delay, reason=reason)


async def hurry(session: Session, bot_id: int, lane: str) -> None:
    """Let the items of a lane that wait for their time be taken now, in their order."""
    await session.execute(_HURRY, {"bot_id": bot_id, "lane": lane})


async def park(session: Session, work: Work, *, reason: str) -> None:
    """Give up on the item: it stays in the table with its reason, and its lane moves on."""
    await _settle(session, _PARK, work, reason=reason)


async def _settle(session: Session, statement: Any, work: Work, **values: object) -> None:
    held = {"bot_id": work.bot_id, "seq": work.seq, "epoch": work.epoch}
    result = await session.execute(statement, held | values)
    if result.rowcount != 1:
        raise Fenced


_OWN: dict[str, Any] = {
    **dict.fromkeys(("update_ids", "user_ids", "sent_at", "seqs"), ARRAY(BigInteger)),
    **dict.fromkeys(("identities", "lanes", "kinds", "raws", "reasons"), ARRAY(Text)),
    "epochs": ARRAY(Integer),
}


def _sql(statement: str) -> TextClause:
    return sql(statement, **_OWN)


_ACCEPT = _sql(
    """
    WITH arrived AS (
        INSERT INTO inbox (bot_id, update_id, identity, lane, kind, raw, state, reason, user_id)
        SELECT :bot_id, u.update_id, u.identity, u.lane, u.kind, CAST(u.raw AS json),
               CASE WHEN u.reason IS NULL THEN 'pending' ELSE 'dead' END, u.reason, u.user_id
        FROM unnest(:update_ids, :identities, :lanes, :kinds, :raws, :reasons, :user_ids, :sent_at)
             WITH ORDINALITY
             AS u (update_id, identity, lane, kind, raw, reason, user_id, sent_at, n)
        WHERE NOT EXISTS (
            SELECT FROM erasures JOIN bots ON bots.id = erasures.bot_id
            WHERE erasures.bot_id = :bot_id
              AND erasures.person = sha256(bots.erasure_key || int8send(u.user_id))
              AND to_timestamp(u.sent_at) < date_trunc('second', erasures.erased_at)
        )
        ORDER BY u.n
        ON CONFLICT DO NOTHING
        RETURNING kind
    )
    SELECT kind, pg_notify('parley_inbox', '') FROM arrived
    """
)

_LOCK_LANE = _sql("SELECT pg_advisory_xact_lock(hashtextextended(:lane, 0))")

_CLAIM = _sql(
    """
    WITH next AS (
        SELECT item.seq
        FROM inbox AS item
        WHERE item.bot_id = :bot_id
          AND item.state IN ('pending', 'running')
          AND CASE item.state WHEN 'pending' THEN item.run_after <= now()
                              ELSE item.lease_until < now() END
          AND NOT EXISTS (
              SELECT FROM inbox AS earlier
              WHERE earlier.bot_id = item.bot_id
                AND earlier.lane = item.lane
                AND earlier.seq < item.seq
                AND earlier.state IN ('pending', 'running')
          )
        ORDER BY item.seq
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE inbox
    SET state = 'running', epoch = epoch + 1, attempts = attempts + 1, lease_until = now() + :lease
    FROM next
    WHERE inbox.bot_id = :bot_id AND inbox.seq = next.seq AND inbox.state IN ('pending', 'running')
    RETURNING inbox.bot_id, inbox.seq, update_id, epoch, attempts, kind, raw,
              received_at,
              CAST(extract(epoch FROM clock_timestamp() - received_at) * 1000 AS integer)
                  AS queue_ms,
              CASE kind WHEN 'message' THEN (
                  SELECT edit.raw FROM inbox AS edit
                  WHERE edit.bot_id = inbox.bot_id AND edit.lane = inbox.lane
                    AND edit.seq > inbox.seq AND edit.state = 'pending'
                    AND starts_with(
                        edit.identity, 'edited_' || regexp_replace(inbox.identity, '[^:]*$', '')
                    )
                  ORDER BY edit.seq DESC LIMIT 1
              ) END AS edit
    """
)

_RENEW = _sql(
    """
    UPDATE inbox SET lease_until = now() + :lease
    FROM unnest(:seqs, :epochs) AS held (seq, epoch)
    WHERE inbox.seq = held.seq AND inbox.epoch = held.epoch AND inbox.state = 'running'
    RETURNING inbox.seq
    """
)

_LOST = _sql(
    """
    SELECT held.seq, held.epoch
    FROM unnest(:seqs, :epochs) AS held (seq, epoch)
    JOIN inbox ON inbox.seq = held.seq
    WHERE inbox.epoch <> held.epoch OR inbox.state = 'pending'
    """
)

_HELD = "WHERE bot_id = :bot_id AND seq = :seq AND epoch = :epoch AND state = 'running'"


_FINISH = _sql(f"UPDATE inbox SET state = 'done', finished_at = now() {_HELD}")
_FORGET = _sql(
    "UPDATE inbox SET state = 'done', raw = '{}', user_id = NULL, finished_at = now() " + _HELD
)
_RELEASE = _sql(
    f"UPDATE inbox SET state = 'pending', attempts = attempts - 1, lease_until = NULL {_HELD}"
)
_RETRY = _sql(
    "UPDATE inbox SET state = 'pending', run_after = now() + :delay, reason = :reason, "
    f"lease_until = NULL {_HELD}"
)
_HURRY = _sql(
    """
    WITH hurried AS (
        UPDATE inbox SET run_after = now()
        WHERE bot_id = :bot_id AND lane = :lane AND state = 'pending' AND run_after > now()
        RETURNING seq
    )
    SELECT pg_notify('parley_inbox', '') FROM hurried
    """
)
_PARK = _sql(f"UPDATE inbox SET state = 'dead', reason = :reason, finished_at = now() {_HELD}")
