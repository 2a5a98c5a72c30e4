"""Lists of people: rows, where the metrics are numbers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.db.session import ReadSession
from core.stats import people, search
from core.stats.calendar import Span
from core.stats.search import Search
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
class PersonRow:
    """What one person did in all time."""

    bot_id: int
    public_id: UUID
    language: str | None
    #: on the UTC hour
    first_seen: datetime
    last_seen: datetime | None
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


async def users(
    session: ReadSession,
    span: Span,
    filters: Filters,
    *,
    order: UserOrder,
    limit: int,
    after: After | None = None,
    sought: Search | None = None,
) -> list[UserRow]:
    """People active in the span; those after `after`, in the same order."""
    statement = f"""
        WITH people AS MATERIALIZED (
            SELECT f.bot_id, f.user_id, sum(f.questions) AS questions, sum(f.answers) AS answers,
                   sum(f.tokens) AS tokens, sum(f.cost_micros) AS cost
            FROM {_active(filters, sought)}
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
        _binds(span, filters, sought),
    )
    return [UserRow(**_whole(row)) for row in rows.mappings()]


async def count_users(
    session: ReadSession, span: Span, filters: Filters, sought: Search | None = None
) -> int:
    """How many people `users` lists on all its pages."""
    if sought is None:
        active = people.active(span)
        return (await people.count(session, [active], filters))[active]
    statement = f"""
        SELECT count(*) FROM (
            SELECT DISTINCT f.bot_id, f.user_id FROM {_active(filters, sought)}
        ) AS found
    """
    rows = await session.execute(
        typed(statement, filters).execution_options(query="stats.users_total"),
        _binds(span, filters, sought),
    )
    return int(rows.scalar_one())


async def find_user(session: ReadSession, public_id: UUID) -> tuple[int, int] | None:
    """The bot and the person that an id names."""
    rows = await session.execute(
        text("SELECT bot_id, id FROM users WHERE public_id = :public_id"), {"public_id": public_id}
    )
    found = rows.one_or_none()
    return (found.bot_id, found.id) if found else None


async def get_person(session: ReadSession, public_id: UUID) -> PersonRow | None:
    rows = await session.execute(_PERSON, {"public_id": public_id})
    found = rows.mappings().one_or_none()
    return PersonRow(**_whole(found)) if found else None


def _active(filters: Filters, sought: Search | None) -> str:
    """A FROM item `f`: rows of the people who are asked about."""
    narrowed = filters.sql({"bot": "bot_id", "user": "user_id"})
    if sought:
        narrowed += (
            " AND (f.bot_id, f.user_id) IN (SELECT person.bot_id, person.id "
            f"FROM users AS person WHERE {search.of_people(sought)})"
        )
    return f"""
        {PIECES} CROSS JOIN LATERAL (
            SELECT * FROM stats_users AS f WHERE {IN_PIECE} {narrowed} OFFSET 0
        ) AS f
    """


def _binds(span: Span, filters: Filters, sought: Search | None) -> dict[str, Any]:
    return {**pieces({0: span}, _USERS), **filters.values(), **search.values(sought)}


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
    sums = ("questions", "answers", "tokens", "cost")
    return {name: int(value) if name in sums else value for name, value in row.items()}


_USERS = Rows("stats_users", {}, is_raw=False)

# Who never got as far as a question's end was first seen when they were written down.
_PERSON = text(
    """
    SELECT users.bot_id, users.public_id, users.language_code AS language,
           coalesce(hours.first_seen, date_trunc('hour', users.created_at, 'UTC')) AS first_seen,
           hours.last_seen, days.*
    FROM users
    CROSS JOIN LATERAL (
        SELECT min(bucket) AS first_seen, max(bucket) AS last_seen FROM stats_users AS f
        WHERE f.grain = 'hour' AND f.bot_id = users.bot_id AND f.user_id = users.id
    ) AS hours
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(questions), 0) AS questions, coalesce(sum(answers), 0) AS answers,
               coalesce(sum(tokens), 0) AS tokens, coalesce(sum(cost_micros), 0) AS cost
        FROM stats_users AS f
        WHERE f.grain = 'day' AND f.bot_id = users.bot_id AND f.user_id = users.id
    ) AS days
    WHERE users.public_id = :public_id
    """
).execution_options(query="stats.person")
