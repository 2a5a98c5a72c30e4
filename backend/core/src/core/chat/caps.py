"""Caps on messages, tokens and money: kept before a model is asked, by what it may take at most.

What an answer may take is reserved in the turn's row and given back when the turn is complete; what
it took then counts. Who is refused learns when to come back, once a minute at most, and the refusal
counts for nothing. Questions of one person are looked at one after the other, those of all people
only where a cap concerns all: so no two can take the last of a cap.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, Text

from core.chat.inbox import Fenced
from core.chat.values import Turn
from core.db.session import ReadSession, Session
from core.db.sql import sql
from core.llm.usage import Usage


class Cap(StrEnum):
    """Money is in millionths of a dollar."""

    USER_MESSAGES_PER_MINUTE = "user_messages_per_minute"
    USER_MESSAGES_PER_DAY = "user_messages_per_day"
    USER_TOKENS_PER_DAY = "user_tokens_per_day"
    USER_COST_PER_DAY = "user_cost_per_day"
    GLOBAL_MESSAGES_PER_DAY = "global_messages_per_day"
    GLOBAL_TOKENS_PER_DAY = "global_tokens_per_day"
    GLOBAL_COST_PER_DAY = "global_cost_per_day"

    @property
    def error_kind(self) -> str:
        """Of a turn that was refused for it."""
        return f"limit_{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """None where there is none. Days are those of the statistics."""

    user_messages_per_minute: int | None = None
    user_messages_per_day: int | None = None
    user_tokens_per_day: int | None = None
    user_cost_per_day: int | None = None
    global_messages_per_day: int | None = None
    global_tokens_per_day: int | None = None
    global_cost_per_day: int | None = None
    zone: tzinfo = UTC

    def of(self, cap: Cap) -> int | None:
        allowed: int | None = getattr(self, cap.value)
        return allowed

    @property
    def is_any(self) -> bool:
        return any(self.of(cap) is not None for cap in Cap)

    @property
    def concern_all(self) -> bool:
        return any(self.of(cap) is not None for cap in _OF_ALL)


_OF_ALL = (Cap.GLOBAL_MESSAGES_PER_DAY, Cap.GLOBAL_TOKENS_PER_DAY, Cap.GLOBAL_COST_PER_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceeded:
    cap: Cap
    allowed: int
    #: in the zone of the caps
    resets_at: datetime
    resets_in: timedelta
    #: the person has just heard so in this chat, and nothing was admitted since
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """By a person, or by all, since the day began; what open turns may take at most included."""

    messages: int
    tokens: int
    micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What counts when a question comes."""

    now: datetime
    #: when the next day begins
    tomorrow: datetime
    #: when so many messages have left the last minute that one more fits; None: one fits now
    minute_is_over: datetime | None
    user: Spent
    all: Spent


async def reserve(
    session: Session, turn: Turn, user_id: int, *, caps: Caps, expected: Usage
) -> Exceeded | None:
    """Reserve for the turn what it may take, or tell which cap forbids it.

    Raises Fenced when the turn has ended meanwhile.
    """
    whose = {"bot_id": turn.address.bot_id, "user_id": user_id}
    if caps.concern_all:
        await session.execute(_LOCK_ALL, whose)
    await session.execute(_LOCK_USER, whose)
    if exceeded := judge(await _read(session, turn, user_id, caps), caps, expected):
        return replace(exceeded, is_told=await _is_told(session, turn, user_id, exceeded.cap))
    reserved = {
        "turn_id": turn.id,
        "tokens": max(1, expected.prompt_tokens + expected.completion_tokens),
        "micros": expected.cost_micros,
    }
    if not (await session.execute(_RESERVE, reserved)).rowcount:
        raise Fenced
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Of a cap on a person's day."""

    cap: Cap
    allowed: int
    left: int


async def left(session: ReadSession, bot_id: int, user_id: int, *, caps: Caps) -> tuple[Left, ...]:
    """What a person may still use today, of what is capped."""
    day = (await session.execute(_DAY, {"zone": str(caps.zone)})).one()
    which = {"bot_id": bot_id, "user_id": user_id, "turn_id": UUID(int=0), "today": day.today}
    spent = Spent(**(await session.execute(_OF_ONE, which)).mappings().one())
    sums = zip(_OF_USER, (spent.messages, spent.tokens, spent.micros), strict=True)
    return tuple(
        Left(cap=cap, allowed=allowed, left=max(0, allowed - sum_))
        for cap, sum_ in sums
        if (allowed := caps.of(cap)) is not None
    )


def judge(books: Books, caps: Caps, expected: Usage) -> Exceeded | None:
    """The first cap that one more question would exceed. Pure."""
    for cap, wanted, resets_at in _wanted(books, expected):
        allowed = caps.of(cap)
        if allowed is not None and wanted > allowed:
            return Exceeded(
                cap=cap,
                allowed=allowed,
                resets_at=resets_at.astimezone(caps.zone),
                resets_in=resets_at - books.now,
            )
    return None


def _wanted(books: Books, expected: Usage) -> Iterator[tuple[Cap, float, datetime]]:
    """For each cap what would be spent, and when it is forgotten."""
    tokens = expected.prompt_tokens + expected.completion_tokens
    if books.minute_is_over:
        yield Cap.USER_MESSAGES_PER_MINUTE, float("inf"), books.minute_is_over
    for spent, caps in ((books.user, _OF_USER), (books.all, _OF_ALL)):
        wanted = (spent.messages + 1, spent.tokens + tokens, spent.micros + expected.cost_micros)
        for cap, sum_ in zip(caps, wanted, strict=True):
            yield cap, sum_, books.tomorrow


async def _is_told(session: ReadSession, turn: Turn, user_id: int, cap: Cap) -> bool:
    which = {
        "bot_id": turn.address.bot_id,
        "chat_id": turn.address.chat_id,
        "user_id": user_id,
        "turn_id": turn.id,
        "error_kind": cap.error_kind,
    }
    return bool((await session.execute(_IS_TOLD, which)).scalar_one())


_OF_USER = (Cap.USER_MESSAGES_PER_DAY, Cap.USER_TOKENS_PER_DAY, Cap.USER_COST_PER_DAY)


async def _read(session: ReadSession, turn: Turn, user_id: int, caps: Caps) -> Books:
    day = (await session.execute(_DAY, {"zone": str(caps.zone)})).one()
    which: dict[str, Any] = {
        "bot_id": turn.address.bot_id,
        "user_id": user_id,
        "turn_id": turn.id,
        "today": day.today,
    }
    minute_is_over = None
    if caps.user_messages_per_minute is not None:
        last = {**which, "before": caps.user_messages_per_minute - 1}
        minute_is_over = (await session.execute(_MINUTE, last)).scalar_one_or_none()
    user = (await session.execute(_OF_ONE, which)).mappings().one()
    everybody: Any = {"messages": 0, "tokens": 0, "micros": 0}
    if caps.concern_all:
        everybody = (await session.execute(_OF_EVERYBODY, which)).mappings().one()
    return Books(
        now=day.now,
        tomorrow=day.tomorrow,
        minute_is_over=minute_is_over,
        user=Spent(**user),
        all=Spent(**everybody),
    )


_sql = partial(sql, zone=Text, today=DateTime(timezone=True))

_LOCK_ALL = _sql("SELECT pg_advisory_xact_lock(hashtextextended('parley.caps', :bot_id))")
_LOCK_USER = _sql(
    "SELECT pg_advisory_xact_lock(hashtextextended('parley.caps of one', :bot_id # :user_id))"
)
_RESERVE = sql(
    "UPDATE turns SET reserved_tokens = :tokens, reserved_micros = :micros "
    "WHERE id = :turn_id AND state = 'generating'",
    tokens=Integer,
    micros=BigInteger,
)

_DAY = _sql(
    """
    SELECT now() AS now, today AT TIME ZONE :zone AS today,
           (today + interval '1 day') AT TIME ZONE :zone AS tomorrow
    FROM (SELECT date_trunc('day', now() AT TIME ZONE :zone) AS today) AS day
    """
)

#: turns of the person that count: admitted ones on their way, and those that have ended otherwise
#: than by a refusal
_COUNTS = """
    turns.bot_id = :bot_id AND turns.user_id = :user_id AND turns.id <> :turn_id
    AND (turns.reserved_tokens > 0
         OR turns.verdict IS NOT NULL AND NOT starts_with(coalesce(turns.error_kind, ''), 'limit_'))
"""

_MINUTE = _sql(
    f"""
    SELECT created_at + interval '1 minute' FROM turns
    WHERE {_COUNTS} AND created_at > now() - interval '1 minute'
    ORDER BY created_at DESC LIMIT 1 OFFSET :before
    """,
    before=Integer,
)

_IS_TOLD = sql(
    f"""
    SELECT EXISTS (
        SELECT FROM turns AS refused
        WHERE refused.bot_id = :bot_id AND refused.user_id = :user_id
          AND refused.chat_id = :chat_id AND refused.error_kind = :error_kind
          AND refused.created_at > now() - interval '1 minute'
          AND EXISTS (SELECT FROM outbox WHERE turn_id = refused.id)
          AND NOT EXISTS (
              SELECT FROM turns WHERE {_COUNTS} AND turns.created_at > refused.created_at
          )
    )
    """,
    error_kind=Text,
)

# A call that runs has only an estimate: the turn's reservation stands for it.
_OF_ONE = _sql(
    f"""
    SELECT count(*) AS messages,
           coalesce(sum(reserved_tokens + calls.tokens), 0) AS tokens,
           coalesce(sum(reserved_micros + calls.micros), 0) AS micros
    FROM turns CROSS JOIN LATERAL (
        SELECT coalesce(sum(prompt_tokens + completion_tokens), 0) AS tokens,
               coalesce(sum(cost_micros), 0) AS micros
        FROM llm_attempts WHERE turn_id = turns.id AND outcome <> 'running'
    ) AS calls
    WHERE {_COUNTS} AND created_at >= :today
    """
)

# What has ended is in the rollups, wasted money included; what is on its way is in few rows.
_OF_EVERYBODY = _sql(
    """
    SELECT ended.messages + open.messages AS messages, ended.tokens + open.tokens AS tokens,
           ended.micros + open.micros AS micros
    FROM (
        SELECT coalesce(sum(questions) FILTER (WHERE NOT starts_with(error_kind, 'limit_')), 0)
                   AS messages,
               coalesce(sum(prompt_tokens + completion_tokens), 0) AS tokens,
               coalesce(sum(cost_micros), 0) AS micros
        FROM stats_facts
        WHERE grain = 'hour' AND bot_id = :bot_id AND bucket >= :today
    ) AS ended, (
        SELECT count(*) FILTER (WHERE reserved_tokens > 0) AS messages,
               coalesce(sum(reserved_tokens), 0) AS tokens,
               coalesce(sum(reserved_micros), 0) AS micros
        FROM turns
        WHERE bot_id = :bot_id AND id <> :turn_id
          AND state IN ('received', 'generating', 'waiting_provider')
    ) AS open
    """
)
