"""Lists of people and dialogs: rows, where the metrics are numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, text

from core.db.session import ReadSession
from core.stats.calendar import Span
from core.stats.sources import IN_PIECE, PIECES, Filters, Rows, pieces, typed


class UserOrder(StrEnum):
    """Largest first."""

    QUESTIONS = "questions"
    ANSWERS = "answers"
    TOKENS = "tokens"
    COST = "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """What one person did in a span."""

    bot_id: int
    user_id: int
    public_id: UUID
    language: str | None
    first_seen: datetime
    questions: int
    answers: int
    tokens: int
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """The last row of the page before, by what it was ordered by."""

    value: int
    bot_id: int
    user_id: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogFilters:
    bot: int | None = None
    user: int | None = None
    outcome: str | None = None
    model: str | None = None
    span: Span | None = None


async def users(
    session: ReadSession,
    span: Span,
    filters: Filters,
    *,
    order: UserOrder,
    limit: int,
    after: After | None = None,
) -> list[UserRow]:
    """People active in the span; those after `after`, in the same order."""
    statement = f"""
        WITH people AS MATERIALIZED (
            SELECT f.bot_id, f.user_id, sum(f.questions) AS questions, sum(f.answers) AS answers,
                   sum(f.tokens) AS tokens, sum(f.cost_micros) AS cost
            FROM {PIECES} CROSS JOIN LATERAL (
                SELECT * FROM stats_users AS f
                WHERE {IN_PIECE} {filters.sql({"bot": "bot_id", "user": "user_id"})}
                OFFSET 0
            ) AS f
            GROUP BY f.bot_id, f.user_id
            {_after(order, after)}
            ORDER BY {order} DESC, f.bot_id, f.user_id
            LIMIT {limit:d}
        )
        SELECT people.*, users.public_id, users.language_code AS language,
               (SELECT min(bucket) FROM stats_users AS seen
                WHERE seen.grain = 'hour' AND seen.bot_id = people.bot_id
                  AND seen.user_id = people.user_id) AS first_seen
        FROM people JOIN users ON users.bot_id = people.bot_id AND users.id = people.user_id
        ORDER BY {order} DESC, people.bot_id, people.user_id
    """
    rows = await session.execute(
        typed(statement, filters).execution_options(query="stats.users"),
        {**pieces({0: span}, _USERS), **filters.values()},
    )
    return [UserRow(**_whole(row)) for row in rows.mappings()]


async def find_user(session: ReadSession, public_id: UUID) -> tuple[int, int] | None:
    """The bot and the person that an id names."""
    rows = await session.execute(
        text("SELECT bot_id, id FROM users WHERE public_id = :public_id"), {"public_id": public_id}
    )
    found = rows.one_or_none()
    return (found.bot_id, found.id) if found else None


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
    binds: dict[str, Any] = {"limit": limit}
    conditions = ["true"]
    for name, condition in _DIALOG_CONDITIONS.items():
        if (value := getattr(filters, name)) is not None:
            conditions.append(condition)
            binds[name] = value
    if filters.span:
        conditions.append("dialogs.created_at >= :since AND dialogs.created_at < :until")
        binds |= {"since": filters.span.start, "until": filters.span.end}
    if before:
        conditions.append("(dialogs.created_at, dialogs.id) < (:at, :id)")
        binds |= {"at": before[0], "id": before[1]}
    statement = f"""
        WITH chosen AS MATERIALIZED (
            SELECT dialogs.id FROM dialogs WHERE {" AND ".join(conditions)}
            ORDER BY dialogs.created_at DESC, dialogs.id DESC LIMIT :limit
        )
        {_DIALOG} FROM chosen JOIN dialogs USING (id) {_OF_DIALOG}
        ORDER BY dialogs.created_at DESC, dialogs.id DESC
    """
    clause = text(statement).bindparams(
        *(bindparam(name, type_=Text) for name in ("outcome", "model") if name in binds)
    )
    rows = await session.execute(clause.execution_options(query="stats.dialogs"), binds)
    return [DialogRow(**_whole(row)) for row in rows.mappings()]


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


def _after(order: UserOrder, after: After | None) -> str:
    if after is None:
        return ""
    value = f"sum(f.{'cost_micros' if order is UserOrder.COST else order})"
    return (
        f"HAVING {value} < {after.value:d} OR ({value} = {after.value:d} "
        f"AND (f.bot_id, f.user_id) > ({after.bot_id:d}, {after.user_id:d}))"
    )


def _whole(row: Any) -> dict[str, Any]:
    """Sums come as decimals."""
    sums = ("questions", "answers", "tokens", "cost", "likes", "dislikes")
    return {name: int(value) if name in sums else value for name, value in row.items()}


_USERS = Rows("stats_users", {}, is_raw=False)

_DIALOG_CONDITIONS = {
    "bot": "dialogs.bot_id = :bot",
    "user": "EXISTS (SELECT FROM turns AS turn "
    "WHERE turn.dialog_id = dialogs.id AND turn.user_id = :user)",
    "outcome": "EXISTS (SELECT FROM turns AS turn "
    "WHERE turn.dialog_id = dialogs.id AND turn.verdict = :outcome)",
    "model": "EXISTS (SELECT FROM turns AS turn "
    "WHERE turn.dialog_id = dialogs.id AND turn.model_served = :model)",
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
