"""Books a turn's facts into the rollups, in the transaction that makes them true.

    TX2  the turn is concluded   book(turn, CONCLUDED)
    TX3  its parts have arrived  book(turn, DELIVERED)
         its question is edited  book(turn, EDITED)
         its answer is rated     book(turn, RATED, sign=-1), the change, book(turn, RATED)

Every writer first takes the lock of the person's shard, and asks for nothing else afterwards: rows
of one shard are changed by one transaction at a time, so bookings cannot wait for each other in a
circle, and a person's chain of active buckets is read and changed in one piece.
"""

from collections.abc import Iterator
from functools import cache
from uuid import UUID

from sqlalchemy import SmallInteger, TextClause

from core.db.session import Session
from core.db.sql import sql
from core.stats.measures import (
    BREAKDOWNS,
    CALL_DIMENSIONS,
    CALL_MEASURES,
    DIMENSIONS,
    IS_CONCLUDED,
    LATENCIES,
    SHARD,
    USER_MEASURES,
    Step,
    measures_of,
    stages_of,
)
from core.stats.sketch import bin_sql

GRAINS = ("hour", "day")


async def book(session: Session, turn_id: UUID, step: Step, *, sign: int = 1) -> None:
    """Add what the step made known of the turn; nothing while the turn has no verdict."""
    await session.execute(_LOCK, {"turn_id": turn_id})
    await session.execute(_booking(step), {"turn_id": turn_id, "sign": sign})


def lock_sql(bot_id: str, shard: str) -> str:
    """SQL that waits for the lock of a shard until the transaction ends."""
    return f"pg_advisory_xact_lock(hashtextextended('parley.stats', {bot_id} * 64 + {shard}))"


def added(table: str, columns: tuple[str, ...]) -> str:
    """The SET list of an upsert that adds the new numbers to those already there."""
    return ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns)


_LOCK = sql(f"SELECT {lock_sql('turn.bot_id', SHARD)} FROM turns AS turn WHERE turn.id = :turn_id")


@cache
def _booking(step: Step) -> TextClause:
    parts = [_turn(step), _FACTS_OF_GRAINS, *_sums(step)]
    if stages_of(step):
        parts += _latency(step)
    if step is Step.CONCLUDED:
        parts += [_CALLS, _ACTIVE, _CHAIN, _ACTIVITY, _COHORTS]
    statement = "WITH " + ",\n".join(parts) + "\nSELECT 1"
    return sql(statement, sign=SmallInteger)


def _turn(step: Step) -> str:
    columns = [f"{sql} AS {name}" for name, sql in DIMENSIONS.items()]
    columns += [f":sign * ({m.sql}) AS {m.name}" for m in measures_of(step)]
    columns += [f"{stage.sql} AS {stage.name}_ms" for stage in stages_of(step)]
    columns += [f"{sql} AS user_{name}" for name, sql in USER_MEASURES.items()]
    return f"""
    this AS MATERIALIZED (
        SELECT turn.id, turn.bot_id, turn.user_id, turn.created_at, {SHARD} AS shard,
               {", ".join(columns)}
        FROM turns AS turn
        WHERE turn.id = :turn_id AND {IS_CONCLUDED}
    )"""


_FACTS_OF_GRAINS = f"""
    spread AS MATERIALIZED (
        SELECT this.*, grain, date_trunc(grain, created_at, 'UTC') AS bucket
        FROM this CROSS JOIN (VALUES {", ".join(f"('{grain}')" for grain in GRAINS)}) AS g (grain)
    )"""


def _sums(step: Step) -> Iterator[str]:
    names = tuple(m.name for m in measures_of(step))
    for table, dimensions in BREAKDOWNS.items():
        key = ", ".join(("grain", "bucket", "bot_id", "shard", *dimensions))
        yield f"""
        {table}_added AS (
            INSERT INTO {table} ({key}, {", ".join(names)})
            SELECT {key}, {", ".join(names)} FROM spread
            ON CONFLICT ({key}) DO UPDATE SET {added(table, names)}
        )"""


def _latency(step: Step) -> Iterator[str]:
    stages = ", ".join(f"('{stage.name}', {stage.name}_ms)" for stage in stages_of(step))
    for table, dimensions in LATENCIES.items():
        key = ", ".join(("grain", "stage", "bucket", "bot_id", "shard", *dimensions))
        yield f"""
        {table}_added AS (
            INSERT INTO {table} ({key}, bin, turns)
            SELECT {key}, {bin_sql("ms")}, :sign
            FROM spread CROSS JOIN LATERAL (VALUES {stages}) AS s (stage, ms)
            WHERE ms IS NOT NULL
            ON CONFLICT ({key}, bin) DO UPDATE SET {added(table, ("turns",))}
        )"""


_CALLS = f"""
    calls AS (
        INSERT INTO stats_attempts (grain, bucket, bot_id, shard,
                                    {", ".join((*CALL_DIMENSIONS, *CALL_MEASURES))})
        SELECT grain, bucket, spread.bot_id, shard, {", ".join(CALL_DIMENSIONS.values())},
               {", ".join(f"sum({sql})" for sql in CALL_MEASURES.values())}
        FROM spread JOIN llm_attempts AS call ON call.turn_id = spread.id
        GROUP BY 1, 2, 3, 4, 5, 6, 7
        ON CONFLICT (grain, bucket, bot_id, shard, {", ".join(CALL_DIMENSIONS)})
        DO UPDATE SET {added("stats_attempts", tuple(CALL_MEASURES))}
    )"""

_ACTIVE = f"""
    active AS (
        INSERT INTO stats_users (grain, bot_id, user_id, bucket, {", ".join(USER_MEASURES)})
        SELECT grain, bot_id, user_id, bucket, {", ".join(f"user_{n}" for n in USER_MEASURES)}
        FROM spread
        ON CONFLICT (grain, bot_id, user_id, bucket)
        DO UPDATE SET {added("stats_users", tuple(USER_MEASURES))}
        RETURNING grain, bot_id, user_id, bucket, xmax = 0 AS is_new
    )"""

# The person's buckets of activity before and after a new one; what this statement inserts is not
# yet visible here.
_CHAIN = """
    chain AS MATERIALIZED (
        SELECT active.grain, active.bot_id, active.user_id, this.shard, active.bucket,
               coalesce(before.bucket, '-infinity') AS previous, after.bucket AS next,
               coalesce(origin.bucket, active.bucket) AS first
        FROM active
        CROSS JOIN this
        CROSS JOIN LATERAL (
            SELECT max(bucket) AS bucket FROM stats_users AS other
            WHERE other.grain = active.grain AND other.bot_id = active.bot_id
              AND other.user_id = active.user_id AND other.bucket < active.bucket
        ) AS before
        CROSS JOIN LATERAL (
            SELECT min(bucket) AS bucket FROM stats_users AS other
            WHERE other.grain = active.grain AND other.bot_id = active.bot_id
              AND other.user_id = active.user_id AND other.bucket > active.bucket
        ) AS after
        CROSS JOIN LATERAL (
            SELECT min(bucket) AS bucket FROM stats_users AS other
            WHERE other.grain = active.grain AND other.bot_id = active.bot_id
              AND other.user_id = active.user_id
        ) AS origin
        WHERE active.is_new
    )"""

# A new bucket between two others splits the pair (next, previous).
_ACTIVITY = """
    activity AS (
        INSERT INTO stats_activity (grain, bucket, previous, bot_id, shard, users)
        SELECT grain, pair.bucket, pair.previous, bot_id, shard, pair.users
        FROM chain CROSS JOIN LATERAL (VALUES
            (chain.bucket, chain.previous, 1),
            (chain.next, chain.previous, -1),
            (chain.next, chain.bucket, 1)
        ) AS pair (bucket, previous, users)
        WHERE pair.bucket IS NOT NULL
        ON CONFLICT (grain, bucket, previous, bot_id, shard)
        DO UPDATE SET users = stats_activity.users + excluded.users
    )"""

# The same by the day on which the person was first seen. A day before all others becomes that day
# for all of the person's pairs.
_COHORTS = """
    cohorts AS (
        INSERT INTO stats_cohorts (first, bucket, previous, bot_id, shard, users)
        SELECT pair.first, pair.bucket, pair.previous, chain.bot_id, chain.shard, sum(pair.users)
        FROM chain CROSS JOIN LATERAL (
            SELECT least(chain.first, chain.bucket) AS first, chain.bucket, chain.previous,
                   1 AS users
            UNION ALL
            SELECT chain.first, chain.next, chain.previous, -1
            WHERE chain.next IS NOT NULL AND chain.first < chain.bucket
            UNION ALL
            SELECT chain.first, chain.next, chain.bucket, 1
            WHERE chain.next IS NOT NULL AND chain.first < chain.bucket
            UNION ALL
            SELECT moved.first, later.bucket, moved.previous, moved.users
            FROM (
                SELECT bucket, lag(bucket) OVER (ORDER BY bucket) AS previous
                FROM stats_users AS other
                WHERE other.grain = 'day' AND other.bot_id = chain.bot_id
                  AND other.user_id = chain.user_id
            ) AS later
            CROSS JOIN LATERAL (VALUES
                (chain.first, coalesce(later.previous, '-infinity'), -1),
                (chain.bucket, coalesce(later.previous, chain.bucket), 1)
            ) AS moved (first, previous, users)
            WHERE chain.first > chain.bucket
        ) AS pair
        WHERE chain.grain = 'day'
        GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT (first, bucket, previous, bot_id, shard)
        DO UPDATE SET users = stats_cohorts.users + excluded.users
    )"""
