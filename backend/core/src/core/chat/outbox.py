"""The outbox: parts of replies, sent in order within a chat.

The intent to send is committed before the call is made, so that after a crash exactly the parts
whose delivery nobody can know are known as such: a part still `sending` when its lease ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Uuid,
    column,
    func,
    insert,
)

from core.chat.inbox import Fenced, lane_of
from core.db.ids import new_id
from core.db.session import Session
from core.db.sql import sql
from core.db.tables import outbox
from core.settings import SendPolicy
from core.stats import rollup
from core.stats.measures import SHARD, Step

#: the number of a part that is none of the answer
BESIDE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    bot_id: int
    chat_id: int
    thread_id: int = 0

    @property
    def lane(self) -> str:
        """Of the inbox: what is asked here is worked on in its order."""
        return lane_of(self.chat_id, self.thread_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message as Telegram will show it: plain text with entities beside it."""

    content: str
    entities: list[dict[str, Any]]
    reply_markup: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A claimed part: it is this process's to send, until the lease ends."""

    id: UUID
    epoch: int
    #: by the database's clock
    claimed_at: datetime
    address: Address
    turn_id: UUID | None
    part: Part
    is_last: bool
    is_plain: bool
    reply_to_message_id: int | None
    edit_message_id: int | None


async def enqueue(
    session: Session,
    address: Address,
    parts: Sequence[Part],
    *,
    turn_id: UUID | None = None,
    reply_to_message_id: int | None = None,
    edit_message_id: int | None = None,
    delay: timedelta = timedelta(),
    is_beside: bool = False,
) -> None:
    """Store the parts of one reply; the first one answers to, or edits, the message given.

    What is said beside the answer of a turn has no say in how the turn ends.
    """
    statement = insert(outbox).values(run_after=func.now() + delay)
    for number, part in enumerate(parts):
        await session.execute(
            statement,
            {
                "id": new_id(),
                "bot_id": address.bot_id,
                "chat_id": address.chat_id,
                "thread_id": address.thread_id,
                "turn_id": turn_id,
                "part": BESIDE if is_beside else number,
                "is_last": number == len(parts) - 1,
                "content": part.content,
                "entities": part.entities,
                "reply_markup": part.reply_markup,
                "reply_to_message_id": None if number else reply_to_message_id,
                "edit_message_id": None if number else edit_message_id,
            },
        )


async def claim(
    session: Session,
    bot_id: int,
    *,
    limit: int,
    lease: timedelta,
    group_limit: int | None = None,
) -> list[Sending]:
    """Take the oldest open part of up to `limit` chats, writing the intent to send it.

    Chats in which Telegram asked for silence are left alone, and groups that have had
    `group_limit` messages of ours in the last minute.
    """
    values = {"bot_id": bot_id, "limit": limit, "lease": lease, "group_limit": group_limit}
    rows = await session.execute(_CLAIM, values)
    return [_sending(row) for row in rows.mappings()]


async def recover(session: Session, bot_id: int, policy: SendPolicy) -> list[UUID | None]:
    """Mark the parts whose sender vanished: nobody can know whether they arrived.

    Returns the turn of each, None for the product's own words. The epoch is raised, so that a late
    answer changes nothing.
    """
    lost = {"bot_id": bot_id, "is_resent": policy is SendPolicy.RESEND}
    rows = await session.execute(_RECOVER, lost)
    found = list(rows.scalars())
    await close_turns(session, found)
    return found


async def sent(session: Session, sending: Sending, message_id: int) -> None:
    await _settle(session, _SENT, sending, message_id=message_id)
    await close_turns(session, [sending.turn_id])


async def not_sent(
    session: Session,
    sending: Sending,
    *,
    delay: timedelta,
    reason: str,
    as_plain: bool = False,
    as_new: bool = False,
) -> None:
    """It surely did not arrive: try again after the delay, plain or as a new message if told so."""
    await _settle(
        session,
        _NOT_SENT,
        sending,
        delay=delay,
        reason=reason,
        as_plain=as_plain,
        edit_message_id=None if as_new else sending.edit_message_id,
    )


async def undeliverable(
    session: Session, sending: Sending, reason: str, *, in_whole_chat: bool = False
) -> None:
    """It never will arrive, and neither will the rest of its answer or of all that waits for its
    chat.
    """
    await _settle(session, _UNDELIVERABLE, sending, reason=reason)
    address = sending.address
    rest = await session.execute(
        _UNDELIVERABLE_CHAT if in_whole_chat else _UNDELIVERABLE_REST,
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "turn_id": sending.turn_id,
            "reason": reason,
        },
    )
    await close_turns(session, [sending.turn_id, *rest.scalars()])


async def ambiguous(
    session: Session, sending: Sending, policy: SendPolicy, *, delay: timedelta, reason: str
) -> None:
    """It may have arrived: mark it; the policy decides about one more copy."""
    is_resent = policy is SendPolicy.RESEND
    await _settle(session, _AMBIGUOUS, sending, delay=delay, reason=reason, is_resent=is_resent)
    await close_turns(session, [sending.turn_id])


async def _settle(session: Session, statement: Any, sending: Sending, **values: object) -> None:
    result = await session.execute(statement, {"id": sending.id, "epoch": sending.epoch} | values)
    if result.rowcount != 1:
        raise Fenced


async def close_turns(session: Session, turn_ids: Iterable[UUID | None]) -> None:
    """Give turns their final state once none of their parts, if there are any, is open any more."""
    ended = {turn_id for turn_id in turn_ids if turn_id}
    if not ended:
        return
    closed = await session.execute(_CLOSE_TURNS, {"turn_ids": list(ended)})
    # by the locks that booking takes, so that nobody waits in a circle
    for turn in sorted(closed, key=lambda turn: turn.shard):
        await rollup.book(session, turn.id, Step.DELIVERED)


def _sending(row: Any) -> Sending:
    return Sending(
        id=row["id"],
        epoch=row["epoch"],
        claimed_at=row["claimed_at"],
        address=Address(bot_id=row["bot_id"], chat_id=row["chat_id"], thread_id=row["thread_id"]),
        turn_id=row["turn_id"],
        part=Part(
            content=row["content"],
            entities=row["entities"],
            reply_markup=row["reply_markup"],
        ),
        is_last=row["is_last"],
        is_plain=row["is_plain"],
        reply_to_message_id=row["reply_to_message_id"],
        edit_message_id=row["edit_message_id"],
    )


_sql = partial(
    sql,
    id=Uuid,
    is_resent=Boolean,
    group_limit=Integer,
    as_plain=Boolean,
    edit_message_id=BigInteger,
    turn_ids=ARRAY(Uuid),
)

# Named, so that a column which a later release adds does not concern a program that runs.
_CLAIMED = (
    outbox.c.id,
    outbox.c.epoch,
    outbox.c.bot_id,
    outbox.c.chat_id,
    outbox.c.thread_id,
    outbox.c.turn_id,
    outbox.c.content,
    outbox.c.entities,
    outbox.c.reply_markup,
    outbox.c.is_last,
    outbox.c.is_plain,
    outbox.c.reply_to_message_id,
    outbox.c.edit_message_id,
)

_CLAIM = _sql(
    f"""
    WITH next AS (
        SELECT part.id
        FROM outbox AS part
        WHERE part.bot_id = :bot_id
          AND part.state = 'pending'
          AND part.run_after <= now()
          AND NOT EXISTS (
              SELECT FROM outbox AS earlier
              WHERE earlier.bot_id = part.bot_id
                AND earlier.chat_id = part.chat_id
                AND earlier.seq < part.seq
                AND earlier.state IN ('pending', 'sending')
          )
          AND NOT EXISTS (
              SELECT FROM chat_floods AS flood
              WHERE flood.bot_id = part.bot_id AND flood.chat_id = part.chat_id
                AND flood.until > now()
          )
          AND CASE
              WHEN :group_limit IS NULL OR part.chat_id > 0 OR part.edit_message_id IS NOT NULL
              THEN true
              ELSE coalesce((
                  SELECT former.finished_at FROM outbox AS former
                  WHERE former.bot_id = part.bot_id AND former.chat_id = part.chat_id
                    AND former.message_id > 0
                  ORDER BY former.message_id DESC
                  LIMIT 1 OFFSET greatest(:group_limit - 1, 0)
              ) < now() - interval '1 minute', true)
          END
        ORDER BY part.seq
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox
    SET state = 'sending', epoch = epoch + 1, attempts = attempts + 1, lease_until = now() + :lease
    FROM next
    WHERE outbox.id = next.id
    RETURNING now() AS claimed_at, {", ".join(f"outbox.{column.name}" for column in _CLAIMED)}
    """
).columns(column("claimed_at", DateTime(timezone=True)), *_CLAIMED)

# An edit can be repeated without harm, so an edit of unknown fate is simply done again; a message
# that is marked already has had its second copy.
_GOES_AGAIN = "edit_message_id IS NOT NULL OR (:is_resent AND NOT delivery_unknown)"
_AFTER_UNKNOWN = f"""
    state = CASE WHEN {_GOES_AGAIN} THEN 'pending' ELSE 'unknown' END,
    finished_at = CASE WHEN {_GOES_AGAIN} THEN NULL ELSE now() END,
    delivery_unknown = edit_message_id IS NULL,
    epoch = epoch + 1,
    lease_until = NULL
"""

_RECOVER = _sql(
    f"""
    UPDATE outbox SET {_AFTER_UNKNOWN}, reason = 'sender vanished'
    WHERE bot_id = :bot_id AND state = 'sending' AND lease_until < now()
    RETURNING turn_id
    """
)

_HELD = "WHERE id = :id AND epoch = :epoch AND state = 'sending'"

_SENT = _sql(
    f"UPDATE outbox SET state = 'sent', message_id = :message_id, finished_at = now() {_HELD}"
)
_NOT_SENT = _sql(
    "UPDATE outbox SET state = 'pending', run_after = now() + :delay, reason = :reason, "
    "is_plain = is_plain OR :as_plain, edit_message_id = :edit_message_id, lease_until = NULL "
    + _HELD
)
_UNDELIVERABLE = _sql(
    "UPDATE outbox SET state = 'undeliverable', reason = :reason, finished_at = now() " + _HELD
)
_UNDELIVERABLE_REST = _sql(
    "UPDATE outbox SET state = 'undeliverable', reason = :reason, finished_at = now() "
    "WHERE turn_id = :turn_id AND state = 'pending' RETURNING turn_id"
)
_UNDELIVERABLE_CHAT = _sql(
    "UPDATE outbox SET state = 'undeliverable', reason = :reason, finished_at = now() "
    "WHERE bot_id = :bot_id AND chat_id = :chat_id AND state = 'pending' RETURNING turn_id"
)
_AMBIGUOUS = _sql(
    f"UPDATE outbox SET {_AFTER_UNKNOWN}, run_after = now() + :delay, reason = :reason {_HELD}"
)

_CLOSE_TURNS = _sql(
    f"""
    UPDATE turns AS turn
    SET state = CASE WHEN fate.is_undeliverable THEN 'undeliverable' ELSE verdict END,
        finished_at = now(), delivery_unknown = fate.is_unknown,
        delivery_ms = CAST(extract(epoch FROM now() - ready_at) * 1000 AS integer)
    FROM (
        SELECT ended.turn_id,
               coalesce(bool_or(state = 'undeliverable'), false) AS is_undeliverable,
               coalesce(bool_or(delivery_unknown), false) AS is_unknown
        FROM unnest(:turn_ids) AS ended (turn_id)
        LEFT JOIN outbox ON outbox.turn_id = ended.turn_id AND part >= 0
        GROUP BY ended.turn_id
        HAVING NOT coalesce(bool_or(state IN ('pending', 'sending')), false)
    ) AS fate
    WHERE turn.id = fate.turn_id AND turn.state = 'ready'
    RETURNING turn.id, {SHARD} AS shard
    """
)
