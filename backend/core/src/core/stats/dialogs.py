"""Lists of dialogs, and the turns of one: rows, where the metrics are numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Text, TextClause, bindparam, text

from core.db.session import ReadSession
from core.stats import search
from core.stats.calendar import Span
from core.stats.measures import DIMENSIONS, IS_CONCLUDED, USER_MEASURES
from core.stats.search import Beginning, Search
from core.stats.sources import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogRow:
    """A dialog, and those of its turns that were asked about."""

    id: UUID
    bot_id: int
    public_id: UUID
    chat_kind: str
    created_at: datetime
    closed_at: datetime | None
    questions: int
    answers: int
    tokens: int
    cost: int
    likes: int
    dislikes: int
    #: of the newest turn, and so is the person
    last_at: datetime
    outcome: str | None
    model: str | None


class Having(StrEnum):
    """What a turn of a dialog may be remembered for."""

    LIKED = "liked"
    DISLIKED = "disliked"
    EDITED = "edited"
    STOPPED = "stopped"
    DECLINED = "declined"
    FAILED = "failed"
    PARTIAL = "partial"
    DELIVERY_UNKNOWN = "delivery_unknown"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogFilters:
    """The turns that a list is about: of a span, and such as the metrics count."""

    span: Span
    filters: Filters
    outcome: str | None = None
    having: Having | None = None
    #: narrows the dialogs, not their turns
    sought: Search | None = None


async def dialogs(
    session: ReadSession,
    asked: DialogFilters,
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> list[DialogRow]:
    """Dialogs by the newest turn that is asked about, newest first; those after `before`."""
    conditions, binds = _dialogs(asked), _binds(asked)
    if before:
        conditions += " AND (newest.created_at, newest.dialog_id) < (:at, :before_id)"
        binds |= {"at": before[0], "before_id": before[1]}
    statement = _rows(_turns(asked), _newest(_turns(asked), conditions, limit))
    rows = await session.execute(
        _typed(statement, binds).execution_options(query="stats.dialogs"), binds
    )
    return [DialogRow(**_whole(row)) for row in rows.mappings()]


async def count_dialogs(session: ReadSession, asked: DialogFilters, *, limit: int) -> int:
    """How many dialogs `dialogs` lists on all its pages, counted up to `limit`."""
    binds = _binds(asked)
    statement = f"SELECT count(*) FROM ({_newest(_turns(asked), _dialogs(asked), limit)}) AS found"
    rows = await session.execute(
        _typed(statement, binds).execution_options(query="stats.dialogs_total"), binds
    )
    return int(rows.scalar_one())


async def get_dialog(session: ReadSession, dialog_id: UUID) -> DialogRow | None:
    """With all of its turns, the running ones too."""
    fitting = "turn.dialog_id = :dialog_id"
    rows = await session.execute(
        text(_rows(fitting, _newest(fitting, "true", 1))).execution_options(query="stats.dialog"),
        {"dialog_id": dialog_id},
    )
    found = rows.mappings().one_or_none()
    return DialogRow(**_whole(found)) if found else None


async def turns_of_dialog(
    session: ReadSession, dialog_id: UUID, *, limit: int, after: tuple[datetime, UUID] | None
) -> Sequence[Any]:
    """The turns of a dialog with their texts, oldest first."""
    rows = await session.execute(
        text(_TURNS.format(after=_AFTER_TURN if after else "")).execution_options(
            query="stats.turns_of_dialog"
        ),
        {
            "dialog_id": dialog_id,
            "limit": limit,
            **({"at": after[0], "id": after[1]} if after else {}),
        },
    )
    return rows.mappings().all()


async def calls_of_turns(session: ReadSession, turn_ids: Sequence[UUID]) -> Sequence[Any]:
    rows = await session.execute(
        text(_CALLS).execution_options(query="stats.calls_of_turns"), {"turn_ids": list(turn_ids)}
    )
    return rows.mappings().all()


def _newest(fitting: str, conditions: str, limit: int) -> str:
    """The newest fitting turn of each dialog, newest first.

    Found by going back in time until there are enough, whatever the length of the window.
    """
    # OFFSET keeps this a look at the dialog's next turn: made a join, it would now and then compare
    # all turns of a long dialog with each other.
    return f"""
        SELECT dialog_id, created_at, user_id, verdict, model_served
        FROM (SELECT * FROM turns AS turn WHERE {fitting}) AS newest
        WHERE {conditions} AND NOT EXISTS (
            SELECT FROM turns AS turn WHERE turn.dialog_id = newest.dialog_id
            AND (turn.created_at, turn.id) > (newest.created_at, newest.id) AND {fitting} OFFSET 0
        )
        ORDER BY created_at DESC, dialog_id DESC LIMIT {limit:d}
    """


def _rows(fitting: str, newest: str) -> str:
    return f"""
        WITH newest AS MATERIALIZED ({newest})
        SELECT dialogs.id, dialogs.bot_id, users.public_id, dialogs.chat_kind, dialogs.created_at,
               dialogs.closed_at, newest.created_at AS last_at, newest.verdict AS outcome,
               newest.model_served AS model, of_turns.*
        FROM newest
        JOIN dialogs ON dialogs.id = newest.dialog_id
        JOIN users ON users.bot_id = dialogs.bot_id AND users.id = newest.user_id
        CROSS JOIN LATERAL (
            SELECT {_SUMS} FROM turns AS turn
            WHERE turn.dialog_id = newest.dialog_id AND {fitting}
        ) AS of_turns
        ORDER BY newest.created_at DESC, newest.dialog_id DESC
    """


def _turns(asked: DialogFilters) -> str:
    """A condition on a row `turn` of `turns`."""
    conditions = [IS_CONCLUDED, "turn.created_at >= :since AND turn.created_at < :until"]
    conditions += [_CONDITIONS[name] for name in sorted(asked.filters.names)]
    if asked.outcome is not None:
        conditions.append("turn.verdict = :outcome")
    if asked.having:
        conditions.append(_HAVING[asked.having])
    return " AND ".join(conditions)


def _dialogs(asked: DialogFilters) -> str:
    """A condition on a row `newest` of `turns`."""
    conditions = ["true"]
    if asked.filters.user is not None:
        conditions.append("newest.user_id = :user")
    if asked.sought:
        conditions.append(_sought(asked.sought))
    return " AND ".join(conditions)


def _binds(asked: DialogFilters) -> dict[str, Any]:
    outcome = {} if asked.outcome is None else {"outcome": asked.outcome}
    return {
        "since": asked.span.start,
        "until": asked.span.end,
        **outcome,
        **asked.filters.values(),
        **search.values(asked.sought),
    }


def _sought(sought: Search) -> str:
    """Dialogs of the people who are sought, and those with such an id of their own."""
    # An array, as the planner would else look for the few dialogs of one person among all others.
    of_people = f"""
        newest.dialog_id = ANY(ARRAY(
            SELECT DISTINCT turn.dialog_id FROM turns AS turn
            JOIN users AS person ON person.bot_id = turn.bot_id AND person.id = turn.user_id
            WHERE {search.of_people(sought)}
        ))
    """
    if isinstance(sought, Beginning):
        return f"(newest.dialog_id BETWEEN :first_id AND :last_id OR {of_people})"
    return of_people


def _typed(statement: str, binds: dict[str, Any]) -> TextClause:
    words = [name for name in ("outcome", "model", "language") if name in binds]
    return text(statement).bindparams(*(bindparam(name, type_=Text) for name in words))


def _whole(row: Any) -> dict[str, Any]:
    """Sums come as decimals."""
    return {name: int(value) if name in _COUNTED else value for name, value in row.items()}


_CONDITIONS = {
    "bot": "turn.bot_id = :bot",
    "language": f"{DIMENSIONS['language']} = :language",
    "model": f"{DIMENSIONS['model']} = :model",
    # The sum keeps the planner from looking for a dialog's next turn among all of the person's.
    "user": "turn.user_id + 0 = :user",
}
_HAVING = {
    Having.LIKED: "turn.likes > 0",
    Having.DISLIKED: "turn.dislikes > 0",
    Having.EDITED: "turn.edited_at IS NOT NULL",
    Having.STOPPED: "turn.verdict = 'cancelled'",
    Having.DECLINED: "turn.verdict = 'declined'",
    Having.FAILED: "turn.verdict = 'failed_told'",
    Having.PARTIAL: "turn.verdict = 'answered_partial'",
    Having.DELIVERY_UNKNOWN: "turn.delivery_unknown",
    Having.FALLBACK: "turn.is_fallback",
}
_COUNTED = {
    "questions": USER_MEASURES["questions"],
    "answers": USER_MEASURES["answers"],
    "tokens": USER_MEASURES["tokens"],
    "cost": USER_MEASURES["cost_micros"],
    "likes": "turn.likes",
    "dislikes": "turn.dislikes",
}
_SUMS = ", ".join(f"sum({sql}) AS {name}" for name, sql in _COUNTED.items())

_AFTER_TURN = "AND (turn.created_at, turn.id) > (:at, :id)"
_TURNS = """
    SELECT turn.id, turn.created_at, turn.state, turn.verdict AS outcome, turn.error_kind AS error,
           turn.model_asked, turn.model_served, turn.provider, turn.is_fallback, turn.kind,
           turn.prompt_tokens, turn.completion_tokens, turn.reasoning_tokens, turn.cached_tokens,
           turn.cost_micros + turn.wasted_micros AS cost, turn.cost_source,
           turn.queue_ms, turn.first_token_ms, turn.generation_ms, turn.delivery_ms,
           turn.delivery_unknown, turn.likes, turn.dislikes, turn.release, turn.edited_at,
           users.public_id, question.content AS question, question.deleted_at AS erased_at,
           answer.content AS answer
    FROM turns AS turn
    JOIN messages AS question ON question.id = turn.question_id
    JOIN users ON users.bot_id = turn.bot_id AND users.id = turn.user_id
    LEFT JOIN messages AS answer ON answer.id = turn.answer_id
    WHERE turn.dialog_id = :dialog_id {after}
    ORDER BY turn.created_at, turn.id LIMIT :limit
"""
_CALLS = """
    SELECT turn_id, target, outcome, error_kind AS error, http_status, first_token_ms, duration_ms,
           prompt_tokens, completion_tokens, cost_micros AS cost, cost_source, created_at
    FROM llm_attempts WHERE turn_id = ANY(:turn_ids) ORDER BY turn_id, created_at, id
"""
