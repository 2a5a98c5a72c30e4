"""Erasure: in one transaction all that tells of a person goes, and all that is counted stays.

Texts, names, raw updates, parts to send and votes go. The rows that numbers are made of go on under
an id that nobody has: they still add up, and whoever writes again is somebody new. A digest of the
person and the moment stay, so that what is older stays away when it comes back, from Telegram or in
a dump (`core.chat.tombstones`).

Whatever is under way for the person loses its work item or finds its turn ended (`Fenced`). Locks
are taken in the order of those who work on turns: the items, the person, parts, turns, and the
rollups last.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Text, text

from core.chat import raw_updates
from core.chat.inbox import Work
from core.chat.outbox import Address
from core.db.session import ReadSession, Session
from core.db.sql import sql
from core.failpoints import Failpoint, reach
from core.stats import renaming, rollup
from core.stats.measures import SHARDS, Step
from core.stats.recount import Outcome, recount

#: ids of Telegram have at most 52 bits: those from here on are nobody's
_NOBODY = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A turn that the erasure has ended before its answer was there."""

    turn_id: UUID
    address: Address
    #: the message in a group that shows a part of the answer
    placeholder_message_id: int | None
    #: its answer was stored, and not yet sent as a whole
    was_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    #: all that is older is gone; by the database's clock
    until: datetime
    unfinished: tuple[Unfinished, ...] = ()


async def is_known(session: ReadSession, work: Work, user_id: int) -> bool:
    """Whether anything is kept of the person besides the update at work."""
    who = {"bot_id": work.bot_id, "user_id": user_id, "seq": work.seq}
    return bool((await session.execute(_IS_KNOWN, who)).scalar_one())


async def erased_at(session: ReadSession, bot_id: int, user_id: int) -> datetime | None:
    """When the person was last erased."""
    rows = await session.execute(_ERASED_AT, {"bot_id": bot_id, "user_id": user_id})
    return rows.scalar_one_or_none()


async def lock(session: Session, bot_id: int, user_id: int) -> None:
    """Let one erasure of the person at a time go on from here."""
    await session.execute(_LOCK, {"bot_id": bot_id, "user_id": user_id})


async def erase(
    session: Session, bot_id: int, user_id: int, *, until: datetime | None = None
) -> Erased:
    """Erase what the bot keeps of the person, all of it or what is not younger than `until`."""
    who: dict[str, Any] = {"bot_id": bot_id, "user_id": user_id}
    await raw_updates.lock(session, bot_id, user_id)
    await session.execute(_LOCK_PERSON, who)
    who["until"] = until or (await session.execute(_NOW)).scalar_one()
    await raw_updates.erase(session, bot_id, user_id, until=who["until"])
    unfinished = await _erase_turns(session, who)
    for statement in _ERASE_REST:
        await session.execute(statement, who)
    if "nobody" in who:
        await _move_numbers(session, who, unfinished)
    for turn in unfinished:
        if not turn.was_ready:
            await session.execute(_NOTIFY_STOP, {"turn_id": str(turn.turn_id)})
    reach(Failpoint.PERSON_ERASED)
    return Erased(until=who["until"], unfinished=unfinished)


async def _erase_turns(session: Session, who: dict[str, Any]) -> tuple[Unfinished, ...]:
    """Empty the person's turns and give them to nobody, whose id is added to `who`."""
    nobody = _NOBODY + secrets.randbelow(2**57) * SHARDS + who["user_id"] % SHARDS
    if not (await session.execute(_MAKE_NOBODY, who | {"nobody": nobody})).rowcount:
        return ()
    who["nobody"] = nobody
    await session.execute(_ERASE_PARTS, who)
    unfinished = [
        Unfinished(
            turn_id=row.id,
            address=Address(bot_id=who["bot_id"], chat_id=row.chat_id, thread_id=row.thread_id),
            placeholder_message_id=row.placeholder_message_id,
            was_ready=row.state == "ready",
        )
        for row in await session.execute(_UNFINISHED, who)
    ]
    for statement in (_END_CALLS, _ERASE_TURNS, _ERASE_TEXTS, _CLOSE_DIALOGS):
        await session.execute(statement, who)
    return tuple(unfinished)


async def _move_numbers(
    session: Session, who: dict[str, Any], unfinished: tuple[Unfinished, ...]
) -> None:
    bot_id, user_id = who["bot_id"], who["user_id"]
    if (await session.execute(_HAS_NEWER, who)).scalar_one():
        # Turns of before and after, such as a forgotten replay leaves: one person becomes two.
        for day in (await session.execute(_DAYS, who)).scalars().all():
            await recount(session, bot_id, day, Outcome())
        return
    await renaming.rename(session, bot_id, user_id, who["nobody"])
    for turn in unfinished:
        if not turn.was_ready:
            await rollup.book(session, turn.turn_id, Step.CONCLUDED)


_sql = partial(sql, nobody=BigInteger, until=DateTime(timezone=True))

_NOW = text("SELECT clock_timestamp()")
_LOCK = _sql("SELECT pg_advisory_xact_lock(hashtextextended('parley.erase', :bot_id # :user_id))")

_IS_KNOWN = _sql(
    """
    SELECT EXISTS (SELECT FROM users WHERE bot_id = :bot_id AND id = :user_id)
        OR EXISTS (SELECT FROM inbox WHERE bot_id = :bot_id AND user_id = :user_id AND seq <> :seq)
        OR EXISTS (SELECT FROM feedback WHERE bot_id = :bot_id AND user_id = :user_id)
    """
)

_ERASED_AT = _sql(
    """
    SELECT erased_at FROM erasures JOIN bots ON bots.id = erasures.bot_id
    WHERE erasures.bot_id = :bot_id AND person = sha256(bots.erasure_key || int8send(:user_id))
    """
)

_BURY = _sql(
    """
    INSERT INTO erasures (bot_id, person, erased_at)
    SELECT id, sha256(erasure_key || int8send(:user_id)), :until FROM bots WHERE id = :bot_id
    ON CONFLICT (bot_id, person)
    DO UPDATE SET erased_at = greatest(erasures.erased_at, excluded.erased_at)
    """
)

# Questions that come from here on wait, and are those of somebody new.
_LOCK_PERSON = _sql("SELECT FROM users WHERE bot_id = :bot_id AND id = :user_id FOR UPDATE")

_MAKE_NOBODY = _sql(
    """
    INSERT INTO users (bot_id, id, first_name, created_at)
    SELECT bot_id, :nobody, '', created_at FROM users
    WHERE bot_id = :bot_id AND id = :user_id AND EXISTS (
        SELECT FROM turns WHERE bot_id = :bot_id AND user_id = :user_id AND created_at <= :until
    )
    """
)

_ERASE_PARTS = _sql(
    """
    UPDATE outbox
    SET content = '', entities = '[]', reply_markup = NULL, reply_to_message_id = NULL,
        chat_id = CASE chat_id WHEN :user_id THEN :nobody ELSE chat_id END,
        state = CASE WHEN state IN ('pending', 'sending') THEN 'undeliverable' ELSE state END,
        reason = CASE WHEN state IN ('pending', 'sending') THEN 'erased' ELSE reason END,
        epoch = CASE WHEN state IN ('pending', 'sending') THEN epoch + 1 ELSE epoch END,
        finished_at = coalesce(finished_at, now()), lease_until = NULL
    WHERE turn_id IN (
        SELECT id FROM turns
        WHERE bot_id = :bot_id AND user_id = :user_id AND created_at <= :until
    )
    """
)

_UNFINISHED = _sql(
    """
    SELECT id, state, chat_id, thread_id, placeholder_message_id FROM turns
    WHERE bot_id = :bot_id AND user_id = :user_id AND created_at <= :until
      AND state IN ('received', 'generating', 'waiting_provider', 'ready')
    ORDER BY created_at, id FOR UPDATE
    """
)
_END_CALLS = _sql(
    """
    UPDATE llm_attempts
    SET generation_id = NULL,
        outcome = CASE WHEN turns.verdict IS NULL AND outcome = 'running' THEN 'stopped'
                       ELSE outcome END
    FROM turns
    WHERE turns.id = llm_attempts.turn_id
      AND turns.bot_id = :bot_id AND turns.user_id = :user_id AND turns.created_at <= :until
      AND (generation_id IS NOT NULL OR outcome = 'running')
    """
)
# What has ended stays as it ended; what had no end yet counts as erased.
_ERASE_TURNS = _sql(
    """
    UPDATE turns
    SET user_id = :nobody,
        chat_id = CASE chat_id WHEN :user_id THEN :nobody ELSE chat_id END,
        state = CASE WHEN state IN ('received', 'generating', 'waiting_provider', 'ready')
                     THEN 'erased' ELSE state END,
        stop_requested_at = CASE WHEN verdict IS NULL THEN now() ELSE stop_requested_at END,
        attempts = CASE WHEN verdict IS NULL THEN (
            SELECT least(count(*), 32767) FROM llm_attempts WHERE turn_id = turns.id
        ) ELSE attempts END,
        verdict = coalesce(verdict, 'erased'), reserved_tokens = 0, reserved_micros = 0
    WHERE bot_id = :bot_id AND user_id = :user_id AND created_at <= :until
    """
)

_ERASE_TEXTS = _sql(
    """
    UPDATE messages
    SET content = '', deleted_at = coalesce(deleted_at, :until),
        user_id = CASE user_id WHEN :user_id THEN :nobody ELSE user_id END,
        chat_id = CASE chat_id WHEN :user_id THEN :nobody ELSE chat_id END
    WHERE id IN (
        SELECT unnest(ARRAY[question_id, answer_id]) FROM turns
        WHERE bot_id = :bot_id AND user_id = :nobody
    )
    """
)
_CLOSE_DIALOGS = _sql(
    """
    UPDATE dialogs SET chat_id = :nobody, closed_at = coalesce(closed_at, :until)
    WHERE chat_id = :user_id AND id IN (
        SELECT dialog_id FROM turns WHERE bot_id = :bot_id AND user_id = :nobody
    )
    """
)
_ERASE_SENTENCES = _sql(
    """
    DELETE FROM outbox
    WHERE bot_id = :bot_id AND chat_id = :user_id AND turn_id IS NULL AND created_at <= :until
    """
)
_ERASE_FLOODS = _sql("DELETE FROM chat_floods WHERE bot_id = :bot_id AND chat_id = :user_id")
_ERASE_CLOSING = _sql("DELETE FROM closed_chats WHERE bot_id = :bot_id AND chat_id = :user_id")
_ERASE_VOTES = _sql(
    """
    DELETE FROM feedback
    WHERE bot_id = :bot_id AND user_id = :user_id AND created_at <= :until
    """
)
_ERASE_NAME = _sql(
    """
    DELETE FROM users
    WHERE bot_id = :bot_id AND id = :user_id
      AND NOT EXISTS (SELECT FROM messages WHERE bot_id = :bot_id AND user_id = :user_id)
    """
)

_ERASE_REST = (
    _ERASE_SENTENCES,
    _ERASE_FLOODS,
    _ERASE_CLOSING,
    _ERASE_VOTES,
    _ERASE_NAME,
    _BURY,
)

_HAS_NEWER = _sql("SELECT EXISTS (SELECT FROM turns WHERE bot_id = :bot_id AND user_id = :user_id)")
_DAYS = _sql(
    """
    SELECT DISTINCT date_trunc('day', created_at, 'UTC') AS day FROM turns
    WHERE bot_id = :bot_id AND user_id IN (:user_id, :nobody) ORDER BY day
    """
)

_NOTIFY_STOP = sql("SELECT pg_notify('parley_stop', :turn_id)", turn_id=Text)
