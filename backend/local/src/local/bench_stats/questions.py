"""The endpoint's three questions, as SQL over raw turns for each engine.

Each is the fastest form that we found for the engine. People are counted per bot.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

TOP = 10
#: what an engine needs to know of a turn, as SQL over PostgreSQL's `turns`
COLUMNS = {
    "bot_id": "bot_id",
    "user_id": "user_id",
    "created_at": "created_at AT TIME ZONE 'UTC'",
    "answer_length": "answer_length",
    "tokens": "prompt_tokens + completion_tokens",
    "cost": "cost_micros + wasted_micros",
    "opens_dialog": "opens_dialog::integer",
    "is_failed": "(verdict = 'failed_told')::integer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """[start, end), and whether its buckets are hours or UTC days."""

    start: datetime
    end: datetime
    bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    #: SQL of a moment
    moment: Callable[[datetime], str]
    #: SQL of a turn's bucket, in seconds since 1970
    bucket: Callable[[str], str]
    turns: str
    #: the engine counts distinct pairs faster than it groups by them
    distinct: str | None = None


def summary(window: Window, dialect: Dialect) -> str:
    if dialect.distinct:
        return f"SELECT {_SUMS}, {dialect.distinct} FROM {_rows(window, dialect)}"
    return (
        f"SELECT {_ADDED}, count(*) FROM (SELECT {_NAMED} "
        f"FROM {_rows(window, dialect)} GROUP BY bot_id, user_id) AS person"
    )


def activity(window: Window, dialect: Dialect) -> str:
    bucket, rows = dialect.bucket(window.bucket), _rows(window, dialect)
    if dialect.distinct:
        return (
            f"SELECT {bucket} AS bucket, {_SUMS}, {dialect.distinct} FROM {rows} "
            "GROUP BY bucket ORDER BY bucket"
        )
    return (
        f"SELECT bucket, {_ADDED}, count(*) FROM (SELECT {bucket} AS bucket, {_NAMED} "
        f"FROM {rows} GROUP BY 1, bot_id, user_id) AS person GROUP BY bucket ORDER BY bucket"
    )


def top_users(window: Window, dialect: Dialect) -> str:
    return (
        f"SELECT bot_id, user_id, {_NAMED} FROM {_rows(window, dialect)} "
        f"GROUP BY bot_id, user_id ORDER BY questions DESC, bot_id, user_id LIMIT {TOP}"
    )


QUESTIONS = {"summary": summary, "activity": activity, "top_users": top_users}

_MEASURES = {
    "questions": "count(*)",
    "answers": "sum(CASE WHEN answer_length > 0 THEN 1 ELSE 0 END)",
    "answer_units": "sum(answer_length)",
    "dialogs": "sum(opens_dialog)",
    "tokens": "sum(tokens)",
    "cost": "sum(cost)",
    "failed": "sum(is_failed)",
}
#: the columns of every answer, after what it is grouped by; people come last where they are counted
MEASURES = tuple(_MEASURES)
_SUMS = ", ".join(_MEASURES.values())
_NAMED = ", ".join(f"{sql} AS {name}" for name, sql in _MEASURES.items())
_ADDED = ", ".join(f"sum({name})" for name in _MEASURES)


def _rows(window: Window, dialect: Dialect) -> str:
    start, end = dialect.moment(window.start), dialect.moment(window.end)
    return f"{dialect.turns} WHERE created_at >= {start} AND created_at < {end}"
