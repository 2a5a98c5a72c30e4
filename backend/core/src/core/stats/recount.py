"""One UTC day of one bot, counted again from the raw rows.

Each rollup is made afresh in a temporary table, compared with what is there, and put in its place.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, DateTime, text

from core.db.session import Session
from core.db.sql import sql
from core.stats.measures import (
    BREAKDOWNS,
    CALL_DIMENSIONS,
    CALL_MEASURES,
    DIMENSIONS,
    IS_CONCLUDED,
    LATENCIES,
    MEASURES,
    SHARDS,
    STAGES,
    USER_MEASURES,
)
from core.stats.rollup import GRAINS, added, lock_sql
from core.stats.sketch import bin_sql

#: differences that are told one by one
EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rollup row that was not what the raw rows say."""

    table: str
    key: str
    was: str
    is_now: str


@dataclass(slots=True)
class Outcome:
    days: int = 0
    differences: int = 0
    examples: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rollup:
    """A table of rollups, what identifies its rows, its numbers, and how raw rows become them."""

    table: str
    key: tuple[str, ...]
    numbers: tuple[str, ...]
    #: of the rows of `:bot_id` and `:day`
    sql: str
    where: str


async def recount(session: Session, bot_id: int, day: datetime, outcome: Outcome) -> None:
    """Put the day's rollups right, and tell `outcome` what differed. Nobody can book meanwhile."""
    for shard in range(SHARDS):
        await session.execute(_LOCK, {"bot_id": bot_id, "shard": shard})
    binds = {"bot_id": bot_id, "day": day}
    for rollup in _ROLLUPS:
        await session.execute(_bound(_fresh(rollup)), binds)
        found = (await session.execute(_bound(_differences(rollup)), binds)).all()
        outcome.differences += found[0].total if found else 0
        outcome.examples += [
            Difference(table=rollup.table, key=row.key, was=row.was, is_now=row.is_now)
            for row in found
        ]
        await _replace(session, rollup, binds)
        await session.execute(text(f"DROP TABLE {_fresh_name(rollup)}"))


async def _replace(session: Session, rollup: _Rollup, binds: dict[str, Any]) -> None:
    """Put the fresh rows in place of the day's; of people, keep later days' chains in step."""
    if rollup is _USERS:
        await session.execute(_bound(_MOVED), binds)
        await _add_later_pairs(session, binds, sign=-1)
    await session.execute(_bound(f"DELETE FROM {rollup.table} WHERE {rollup.where}"), binds)
    await session.execute(text(_insert(rollup)))
    if rollup is _USERS:
        await _add_later_pairs(session, binds, sign=1)
        await session.execute(text("DROP TABLE moved"))


async def _add_later_pairs(session: Session, binds: dict[str, Any], *, sign: int) -> None:
    """Add the pairs of later days of those whose buckets of this day change, or take them out."""
    for statement in (_LATER_PAIRS, _LATER_COHORT_PAIRS):
        await session.execute(_bound(statement), {**binds, "sign": sign})


_bound = partial(sql, day=DateTime(timezone=True), sign=BigInteger)

_LOCK = sql(f"SELECT {lock_sql(':bot_id', ':shard')}", shard=BigInteger)

_GRAINS = f"(VALUES {', '.join(f'({grain!r})' for grain in GRAINS)}) AS g (grain)"
_BUCKET = "date_trunc(grain, turn.created_at, 'UTC')"
_TURNS_OF_DAY = (
    f"FROM turns AS turn CROSS JOIN {_GRAINS} {{join}} WHERE turn.bot_id = :bot_id "
    f"AND turn.created_at >= :day AND turn.created_at < :day + interval '1 day' AND {IS_CONCLUDED}"
)


def _sums(columns: dict[str, str]) -> str:
    return ", ".join(f"sum({sql}) AS {name}" for name, sql in columns.items())


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in columns.items())


_FACTS = {measure.name: measure.sql for measure in MEASURES}
_CALLS = "JOIN llm_attempts AS call ON call.turn_id = turn.id"
_WAITS = (
    "CROSS JOIN LATERAL (VALUES "
    + ", ".join(f"('{stage.name}', {stage.sql})" for stage in STAGES)
    + ") AS s (stage, ms)"
)
_OF_DAY = (
    "bot_id = :bot_id AND bucket >= :day AND bucket < :day + interval '1 day' AND grain IN "
    f"({', '.join(repr(grain) for grain in GRAINS)})"
)

# Pairs follow from the people's rows, of this day and, for the previous bucket, of all days before.
_PAIRS = """
    SELECT one.grain, one.bucket, coalesce(before.bucket, '-infinity') AS previous, one.bot_id,
           count(*) AS users
    FROM stats_users AS one
    CROSS JOIN LATERAL (
        SELECT max(bucket) AS bucket FROM stats_users AS other
        WHERE other.grain = one.grain AND other.bot_id = one.bot_id
          AND other.user_id = one.user_id AND other.bucket < one.bucket
    ) AS before
    WHERE one.bot_id = :bot_id AND one.bucket >= :day AND one.bucket < :day + interval '1 day'
    GROUP BY 1, 2, 3, 4
"""
_COHORT_PAIRS = """
    SELECT origin.bucket AS first, one.bucket, coalesce(before.bucket, '-infinity') AS previous,
           one.bot_id, count(*) AS users
    FROM stats_users AS one
    CROSS JOIN LATERAL (
        SELECT min(bucket) AS bucket FROM stats_users AS other
        WHERE other.grain = 'day' AND other.bot_id = one.bot_id AND other.user_id = one.user_id
    ) AS origin
    CROSS JOIN LATERAL (
        SELECT max(bucket) AS bucket FROM stats_users AS other
        WHERE other.grain = 'day' AND other.bot_id = one.bot_id
          AND other.user_id = one.user_id AND other.bucket < one.bucket
    ) AS before
    WHERE one.grain = 'day' AND one.bot_id = :bot_id AND one.bucket = :day
    GROUP BY 1, 2, 3, 4
"""


def _of_turns(table: str, dimensions: tuple[str, ...]) -> _Rollup:
    listed = {name: DIMENSIONS[name] for name in dimensions}
    keys = ", ".join(str(place) for place in range(1, 4 + len(listed)))
    return _Rollup(
        table=table,
        key=("grain", "bucket", "bot_id", *dimensions),
        numbers=tuple(_FACTS),
        sql=f"SELECT grain, {_BUCKET} AS bucket, turn.bot_id, {_listed(listed)}, {_sums(_FACTS)} "
        f"{_TURNS_OF_DAY.format(join='')} GROUP BY {keys}",
        where=_OF_DAY,
    )


def _of_waits(table: str, dimensions: tuple[str, ...]) -> _Rollup:
    listed = "".join(f"{DIMENSIONS[name]} AS {name}, " for name in dimensions)
    keys = ", ".join(str(place) for place in range(1, 6 + len(dimensions)))
    return _Rollup(
        table=table,
        key=("grain", "stage", "bucket", "bot_id", *dimensions, "bin"),
        numbers=("turns",),
        sql=f"SELECT grain, stage, {_BUCKET} AS bucket, turn.bot_id, {listed}"
        f"{bin_sql('ms')} AS bin, count(*) AS turns "
        f"{_TURNS_OF_DAY.format(join=_WAITS)} AND ms IS NOT NULL GROUP BY {keys}",
        where=f"{_OF_DAY} AND stage IN ({', '.join(repr(stage.name) for stage in STAGES)})",
    )


_USERS = _Rollup(
    table="stats_users",
    key=("grain", "bot_id", "user_id", "bucket"),
    numbers=tuple(USER_MEASURES),
    sql=f"SELECT grain, turn.bot_id, turn.user_id, {_BUCKET} AS bucket, {_sums(USER_MEASURES)} "
    f"{_TURNS_OF_DAY.format(join='')} GROUP BY 1, 2, 3, 4",
    where=_OF_DAY,
)

#: people first: the pairs are counted from them
_ROLLUPS = (
    _USERS,
    *(_of_turns(table, dimensions) for table, dimensions in BREAKDOWNS.items()),
    _Rollup(
        table="stats_attempts",
        key=("grain", "bucket", "bot_id", *CALL_DIMENSIONS),
        numbers=tuple(CALL_MEASURES),
        sql=f"SELECT grain, {_BUCKET} AS bucket, turn.bot_id, {_listed(CALL_DIMENSIONS)}, "
        f"{_sums(CALL_MEASURES)} {_TURNS_OF_DAY.format(join=_CALLS)} GROUP BY 1, 2, 3, 4, 5, 6",
        where=_OF_DAY,
    ),
    *(_of_waits(table, dimensions) for table, dimensions in LATENCIES.items()),
    _Rollup(
        table="stats_activity",
        key=("grain", "bucket", "previous", "bot_id"),
        numbers=("users",),
        sql=_PAIRS,
        where=_OF_DAY,
    ),
    _Rollup(
        table="stats_cohorts",
        key=("first", "bucket", "previous", "bot_id"),
        numbers=("users",),
        sql=_COHORT_PAIRS,
        where="bot_id = :bot_id AND bucket = :day",
    ),
)

# People whose buckets of this day change, and who were active later.
_MOVED = f"""
    CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT user_id FROM (
        SELECT coalesce(fresh.user_id, old.user_id) AS user_id
        FROM fresh_stats_users AS fresh
        FULL JOIN (SELECT * FROM stats_users WHERE {_OF_DAY}) AS old
            USING (grain, bot_id, user_id, bucket)
        WHERE fresh.questions IS NULL OR old.questions IS NULL
    ) AS changed
    WHERE EXISTS (
        SELECT FROM stats_users AS later
        WHERE later.grain = 'day' AND later.bot_id = :bot_id
          AND later.user_id = changed.user_id AND later.bucket > :day
    )
    GROUP BY user_id
"""
_CHAINS = """
    SELECT grain, bot_id, user_id, bucket,
           coalesce(lag(bucket) OVER chain, '-infinity') AS previous,
           min(bucket) OVER chain AS first
    FROM stats_users JOIN moved USING (user_id)
    WHERE bot_id = :bot_id
    WINDOW chain AS (PARTITION BY grain, bot_id, user_id ORDER BY bucket)
"""
_LATER_PAIRS = f"""
    INSERT INTO stats_activity (grain, bucket, previous, bot_id, shard, users)
    SELECT grain, bucket, previous, bot_id, 0, :sign * count(*) FROM ({_CHAINS}) AS chains
    WHERE bucket >= :day + interval '1 day' GROUP BY 1, 2, 3, 4
    ON CONFLICT (grain, bucket, previous, bot_id, shard)
    DO UPDATE SET {added("stats_activity", ("users",))}
"""
_LATER_COHORT_PAIRS = f"""
    INSERT INTO stats_cohorts (first, bucket, previous, bot_id, shard, users)
    SELECT first, bucket, previous, bot_id, 0, :sign * count(*) FROM ({_CHAINS}) AS chains
    WHERE grain = 'day' AND bucket >= :day + interval '1 day' GROUP BY 1, 2, 3, 4
    ON CONFLICT (first, bucket, previous, bot_id, shard)
    DO UPDATE SET {added("stats_cohorts", ("users",))}
"""


def _fresh_name(rollup: _Rollup) -> str:
    return f"fresh_{rollup.table}"


def _fresh(rollup: _Rollup) -> str:
    return f"CREATE TEMPORARY TABLE {_fresh_name(rollup)} ON COMMIT DROP AS {rollup.sql}"


def _differences(rollup: _Rollup) -> str:
    key, numbers = ", ".join(rollup.key), rollup.numbers
    old = ", ".join(f"sum({name}) AS {name}" for name in numbers)
    differs = " OR ".join(f"old.{name} IS DISTINCT FROM fresh.{name}" for name in numbers)
    return f"""
        SELECT concat_ws(' ', {key}) AS key, {_told("old", numbers)} AS was,
               {_told("fresh", numbers)} AS is_now, count(*) OVER () AS total
        FROM (
            SELECT {key}, {old} FROM {rollup.table} WHERE {rollup.where} GROUP BY {key}
            HAVING {" OR ".join(f"sum({name}) <> 0" for name in numbers)}
        ) AS old
        FULL JOIN {_fresh_name(rollup)} AS fresh USING ({key})
        WHERE {differs}
        ORDER BY {key} LIMIT {EXAMPLES}
    """


def _told(row: str, numbers: tuple[str, ...]) -> str:
    """SQL of words for the numbers that differ."""
    parts = (
        f"CASE WHEN old.{name} IS DISTINCT FROM fresh.{name} "
        f"THEN '{name} ' || coalesce({row}.{name}, 0) END"
        for name in numbers
    )
    return f"concat_ws(', ', {', '.join(parts)})"


def _insert(rollup: _Rollup) -> str:
    columns = ", ".join((*rollup.key, *rollup.numbers))
    shard, zero = ("", "") if rollup is _USERS else (", shard", ", 0")
    return (
        f"INSERT INTO {rollup.table} ({columns}{shard}) "
        f"SELECT {columns}{zero} FROM {_fresh_name(rollup)}"
    )
