"""Where rows of numbers come from: a rollup, or one person's raw rows in the same shape.

The cost of a question depends on the number of buckets, not of messages. Rollups do not know single
people; what concerns one person is read from that person's turns, which are few.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, Text, TextClause, bindparam, text

from core.stats.calendar import Span
from core.stats.measures import (
    CALL_DIMENSIONS,
    CALL_MEASURES,
    DIMENSIONS,
    IS_CONCLUDED,
    MEASURES,
    STAGES,
)
from core.stats.metrics import Metric
from core.stats.sketch import bin_sql


class WrongFilter(ValueError):
    """The metric cannot be narrowed or broken down in this way; the words are for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a question is narrowed to."""

    bot: int | None = None
    model: str | None = None
    language: str | None = None
    user: int | None = None

    @property
    def names(self) -> frozenset[str]:
        names = ("bot", "model", "language", "user")
        return frozenset(name for name in names if getattr(self, name) is not None)

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.names}

    def sql(self, columns: dict[str, str]) -> str:
        """AND-conditions on a row `f`, for the filters that the source has a column for."""
        return "".join(
            f" AND f.{columns[name]} = :{name}" for name in sorted(self.names) if name in columns
        )

    def refuse_unless(self, metric: Metric) -> None:
        if wrong := sorted(self.names - metric.filters):
            able = ", ".join(sorted(metric.filters))
            raise WrongFilter(
                f"{metric.slug} cannot be narrowed by {wrong[0]}; it can be by {able}."
            )


@dataclass(frozen=True, slots=True)
class Rows:
    """A FROM item `f` with its grain, and the columns that filters and dimensions find there."""

    sql: str
    columns: dict[str, str]
    is_raw: bool


def turns_of(filters: Filters, by: str | None) -> Rows:
    """From the smallest rollup that knows what is asked."""
    if filters.user is not None:
        return Rows(f"({_RAW_TURNS})", _COLUMNS, is_raw=True)
    if filters.names <= {"bot"} and by in {None, "bot", "outcome", "hour_of_week"}:
        return Rows("stats_totals", _COLUMNS, is_raw=False)
    return Rows("stats_facts", _COLUMNS, is_raw=False)


def calls_of(filters: Filters) -> Rows:
    if filters.user is None:
        return Rows("stats_attempts", _CALL_COLUMNS, is_raw=False)
    return Rows(f"({_RAW_CALLS})", _CALL_COLUMNS, is_raw=True)


def latency_of(filters: Filters, by: str | None) -> Rows:
    columns = {"bot": "bot_id", "model": "model"}
    if filters.user is not None:
        return Rows(f"({_RAW_LATENCY})", columns, is_raw=True)
    if filters.model is None and by != "model":
        return Rows("stats_latency_totals", columns, is_raw=False)
    return Rows("stats_latency", columns, is_raw=False)


def activity_of(filters: Filters) -> Rows:
    columns = {"bot": "bot_id"}
    if filters.user is None:
        return Rows("stats_activity", columns, is_raw=False)
    return Rows(f"({_ONE_CHAIN})", columns, is_raw=False)


def typed(statement: str, filters: Filters) -> TextClause:
    """A statement with the types of everything that a question binds."""
    known: dict[str, Any] = {
        "bot": BigInteger,
        "model": Text,
        "language": Text,
        "user": BigInteger,
        "spans": ARRAY(Integer),
        "grains": ARRAY(Text),
        "starts": ARRAY(DateTime(timezone=True)),
        "ends": ARRAY(DateTime(timezone=True)),
        "since": ARRAY(DateTime(timezone=True)),
        "before": ARRAY(DateTime(timezone=True)),
        "stages": ARRAY(Text),
        "zone": Text,
    }
    used = [name for name in known if f":{name}" in statement]
    assert filters.names <= set(used)
    return text(statement).bindparams(*(bindparam(name, type_=known[name]) for name in used))


#: the spans' pieces as rows
PIECES = "unnest(:spans, :grains, :starts, :ends) AS piece (span, grain, start, until)"
IN_PIECE = "f.grain = piece.grain AND f.bucket >= piece.start AND f.bucket < piece.until"


def pieces(spans: Mapping[int, Span], rows: Rows, *, by_hour: bool = False) -> dict[str, list[Any]]:
    """The binds of PIECES."""
    found: list[tuple[int, str, Any, Any]] = []
    for number, span in spans.items():
        if rows.is_raw:
            found.append((number, "raw", span.start, span.end))
        elif by_hour:
            found.append((number, "hour", span.start, span.end))
        else:
            found.extend((number, piece.grain, piece.start, piece.end) for piece in span.pieces())
    names = ("spans", "grains", "starts", "ends")
    return {name: [row[at] for row in found] for at, name in enumerate(names)}


_COLUMNS = {
    "bot": "bot_id",
    "model": "model",
    "provider": "provider",
    "outcome": "outcome",
    "language": "language",
    "kind": "kind",
    "error": "error_kind",
}
_CALL_COLUMNS = {
    "bot": "bot_id",
    "model": "target",
    "outcome": "outcome",
    "error": "error_kind",
}

_RAW_KEY = "'raw' AS grain, turn.created_at AS bucket, turn.bot_id"
_RAW_WHERE = f"turn.user_id = :user AND {IS_CONCLUDED}"


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in columns.items())


_RAW_TURNS = f"""
    SELECT {_RAW_KEY}, {_listed(DIMENSIONS)}, {_listed({m.name: m.sql for m in MEASURES})}
    FROM turns AS turn WHERE {_RAW_WHERE}
"""
_RAW_CALLS = f"""
    SELECT {_RAW_KEY}, {_listed(CALL_DIMENSIONS)}, {_listed(CALL_MEASURES)}
    FROM turns AS turn JOIN llm_attempts AS call ON call.turn_id = turn.id WHERE {_RAW_WHERE}
"""
_RAW_LATENCY = f"""
    SELECT {_RAW_KEY}, {DIMENSIONS["model"]} AS model, stage, {bin_sql("ms")} AS bin, 1 AS turns
    FROM turns AS turn
    CROSS JOIN LATERAL (
        VALUES {", ".join(f"('{stage.name}', {stage.sql})" for stage in STAGES)}
    ) AS stages (stage, ms)
    WHERE {_RAW_WHERE} AND ms IS NOT NULL
"""
_ONE_CHAIN = """
    SELECT grain, bot_id, bucket, 1 AS users,
           coalesce(lag(bucket) OVER (PARTITION BY grain, bot_id ORDER BY bucket), '-infinity')
               AS previous
    FROM stats_users WHERE user_id = :user
"""
