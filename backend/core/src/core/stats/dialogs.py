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
from core.stats.search import Beginning, Search
from core.stats.sources import Filters, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogRow:
    id: UUID
    bot_id: int
    public_id: UUID
    chat_kind: str
    created_at: datetime
    closed_at: datetime | None
    last_at: datetime
    questions: int
    answers: int
    tokens: int
    cost: int
    likes: int
    dislikes: int
    #: of the newest turn
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
    #: in which they began
    span: Span
    bot: int | None = None
    user: int | None = None
    outcome: str | None = None
    model: str | None = None
    #: at least one turn in the span
    having: Having | None = None
    sought: Search | None = None


async def recent_dialogs(session: ReadSession, filters: Filters, *, limit: int) -> list[DialogRow]:
    """The dialogs with the newest questions."""
    conditions = {
        "bot": "turn.bot_id = :bot",
        "user": "turn.user_id = :user",
        "language": "turn.language = :language",
        "model": "turn.model_served = :model",
    }
    where = " AND ".join(["true", *(conditions[name] for name in sorted(filters.names))])
    # The newest questions name the newest dialogs; one dialog rarely fills the whole list.
    statement = f"""
        WITH newest AS MATERIALIZED (
            SELECT turn.dialog_id, turn.created_at FROM turns AS turn
            WHERE {where} ORDER BY turn.created_at DESC, turn.id DESC LIMIT {limit * 20:d}
        ), chosen AS MATERIALIZED (
            SELECT dialog_id AS id FROM newest
            GROUP BY dialog_id ORDER BY max(created_at) DESC LIMIT {limit:d}
        )
        {_DIALOG} FROM chosen JOIN dialogs USING (id) {_OF_DIALOG}
        ORDER BY of_turns.last_at DESC, dialogs.id
    """
    rows = await session.execute(
        typed(statement, filters).execution_options(query="stats.recent_dialogs"),
        filters.values(),
    )
    return [DialogRow(**_whole(row)) for row in rows.mappings()]


async def dialogs(
    session: ReadSession,
    filters: DialogFilters,
    *,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> list[DialogRow]:
    """Dialogs by when they began, newest first; those that began before `before`."""
    conditions, binds = _narrowed(filters)
    if before:
        conditions += " AND (dialogs.created_at, dialogs.id) < (:at, :id)"
        binds |= {"at": before[0], "id": before[1]}
    statement = f"""
        WITH chosen AS MATERIALIZED (
            SELECT dialogs.id FROM dialogs WHERE {conditions}
            ORDER BY dialogs.created_at DESC, dialogs.id DESC LIMIT :limit
        )
        {_DIALOG} FROM chosen JOIN dialogs USING (id) {_OF_DIALOG}
        ORDER BY dialogs.created_at DESC, dialogs.id DESC
    """
    rows = await session.execute(
        _typed(statement, binds).execution_options(query="stats.dialogs"),
        {**binds, "limit": limit},
    )
    return [DialogRow(**_whole(row)) for row in rows.mappings()]


async def count_dialogs(session: ReadSession, filters: DialogFilters) -> int:
    """How many dialogs `dialogs` lists on all its pages."""
    conditions, binds = _narrowed(filters)
    statement = f"SELECT count(*) FROM dialogs WHERE {conditions}"
    rows = await session.execute(
        _typed(statement, binds).execution_options(query="stats.dialogs_total"), binds
    )
    return int(rows.scalar_one())


async def get_dialog(session: ReadSession, dialog_id: UUID) -> DialogRow | None:
    statement = f"{_DIALOG} FROM dialogs {_OF_DIALOG} WHERE dialogs.id = :id"
    rows = await session.execute(
        text(statement).execution_options(query="stats.dialog"), {"id": dialog_id}
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


def _narrowed(filters: DialogFilters) -> tuple[str, dict[str, Any]]:
    """A condition on `dialogs` and what it binds."""
    conditions = ["dialogs.created_at >= :since AND dialogs.created_at < :until"]
    binds: dict[str, Any] = {"since": filters.span.start, "until": filters.span.end}
    for name, condition in _CONDITIONS.items():
        if (value := getattr(filters, name)) is not None:
            conditions.append(condition)
            binds[name] = value
    if filters.having:
        conditions.append(_IN_TURNS.format(f"{_IN_WINDOW} AND {_HAVING[filters.having]}"))
    if filters.sought:
        conditions.append(_sought(filters.sought))
        binds |= search.values(filters.sought)
    return " AND ".join(conditions), binds


def _sought(sought: Search) -> str:
    """Dialogs of the people who are sought, and those with such an id of their own."""
    # An array, as the planner would else look for the few dialogs of one person among all others.
    of_people = f"""
        dialogs.id = ANY(ARRAY(
            SELECT DISTINCT turn.dialog_id FROM turns AS turn
            JOIN users AS person ON person.bot_id = turn.bot_id AND person.id = turn.user_id
            WHERE {search.of_people(sought)}
        ))
    """
    if isinstance(sought, Beginning):
        return f"(dialogs.id BETWEEN :first_id AND :last_id OR {of_people})"
    return of_people


def _typed(statement: str, binds: dict[str, Any]) -> TextClause:
    words = [name for name in ("outcome", "model") if name in binds]
    return text(statement).bindparams(*(bindparam(name, type_=Text) for name in words))


def _whole(row: Any) -> dict[str, Any]:
    """Sums come as decimals."""
    sums = ("questions", "answers", "tokens", "cost", "likes", "dislikes")
    return {name: int(value) if name in sums else value for name, value in row.items()}


_IN_TURNS = "dialogs.id IN (SELECT turn.dialog_id FROM turns AS turn WHERE {})"
_IN_WINDOW = "turn.created_at >= :since AND turn.created_at < :until"
_CONDITIONS = {
    "bot": "dialogs.bot_id = :bot",
    "user": _IN_TURNS.format("turn.bot_id = :bot AND turn.user_id = :user"),
    "outcome": _IN_TURNS.format("turn.verdict = :outcome"),
    "model": _IN_TURNS.format("turn.model_served = :model"),
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

_DIALOG = """
    SELECT dialogs.id, dialogs.bot_id, users.public_id, dialogs.chat_kind, dialogs.created_at,
           dialogs.closed_at, coalesce(of_turns.last_at, dialogs.created_at) AS last_at,
           of_turns.questions, of_turns.answers, of_turns.tokens, of_turns.cost, of_turns.likes,
           of_turns.dislikes, newest.verdict AS outcome, newest.model_served AS model
"""
_OF_DIALOG = """
    CROSS JOIN LATERAL (
        SELECT count(*) AS questions, count(*) FILTER (WHERE answer_length > 0) AS answers,
               coalesce(sum(prompt_tokens + completion_tokens), 0) AS tokens,
               coalesce(sum(cost_micros + wasted_micros), 0) AS cost,
               coalesce(sum(likes), 0) AS likes, coalesce(sum(dislikes), 0) AS dislikes,
               max(turn.created_at) AS last_at
        FROM turns AS turn WHERE turn.dialog_id = dialogs.id
    ) AS of_turns
    JOIN LATERAL (
        SELECT user_id, verdict, model_served FROM turns AS turn
        WHERE turn.dialog_id = dialogs.id ORDER BY turn.created_at DESC, turn.id DESC LIMIT 1
    ) AS newest ON true
    JOIN users ON users.bot_id = dialogs.bot_id AND users.id = newest.user_id
"""
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
