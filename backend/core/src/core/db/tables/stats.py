"""The rollups, written by `core.stats.rollup` in the transaction of the fact that they count.

Each exists by hour and by UTC day (`grain`), so that a window is read as days inside and hours at
its edges. `shard` spreads the writers of one bucket over several rows; readers add them up. A turn
belongs to the bucket of its question.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Named,
    SmallInteger,
    Table,
    Text,
    TypedColumns,
)
from sqlalchemy.types import JSON

from core.db.tables.base import metadata, moment, one_of


def _grain() -> Column[str]:
    return Column(Text, primary_key=True)


def _key() -> Column[str]:
    return Column(Text, primary_key=True)


def _bucket() -> Column[datetime]:
    return Column(DateTime(timezone=True), primary_key=True)


def _shard() -> Column[int]:
    return Column(SmallInteger, primary_key=True, autoincrement=False)


def _bot() -> Column[int]:
    return Column(BigInteger, primary_key=True, autoincrement=False)


def _bin() -> Column[int]:
    return Column(SmallInteger, primary_key=True, autoincrement=False)


def _sum() -> Column[int]:
    return Column(BigInteger, server_default="0", nullable=False)


class _Measures(TypedColumns):
    """Sums over the turns of a bucket; see core.stats.measures."""

    questions: Named[int] = _sum()
    asked: Named[int] = _sum()
    question_units: Named[int] = _sum()
    answers: Named[int] = _sum()
    answer_units: Named[int] = _sum()
    dialogs: Named[int] = _sum()
    prompt_tokens: Named[int] = _sum()
    completion_tokens: Named[int] = _sum()
    cached_tokens: Named[int] = _sum()
    reasoning_tokens: Named[int] = _sum()
    cost_micros: Named[int] = _sum()
    estimated_micros: Named[int] = _sum()
    attempts: Named[int] = _sum()
    fallbacks: Named[int] = _sum()
    saved: Named[int] = _sum()
    fallback_micros: Named[int] = _sum()
    fallback_ms: Named[int] = _sum()
    delivered: Named[int] = _sum()
    delivery_unknown: Named[int] = _sum()
    undeliverable: Named[int] = _sum()
    edited: Named[int] = _sum()
    likes: Named[int] = _sum()
    dislikes: Named[int] = _sum()


class _StatsTotals(_Measures):
    """By outcome alone: what most questions need, in few rows."""

    grain: Named[str] = _grain()
    bucket: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    outcome: Named[str] = _key()


stats_totals = Table("stats_totals", metadata, _StatsTotals)


class _StatsFacts(_Measures):
    """By everything that the numbers can be narrowed to or broken down by."""

    grain: Named[str] = _grain()
    bucket: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    outcome: Named[str] = _key()
    model: Named[str] = _key()
    provider: Named[str] = _key()
    language: Named[str] = _key()
    kind: Named[str] = _key()
    error_kind: Named[str] = _key()


stats_facts = Table("stats_facts", metadata, _StatsFacts)


class _StatsAttempts(TypedColumns):
    """Calls to models by what became of them, in the hour of their turn's question."""

    grain: Named[str] = _grain()
    bucket: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    target: Named[str] = _key()
    outcome: Named[str] = _key()
    error_kind: Named[str] = _key()
    calls: Named[int] = _sum()
    cost_micros: Named[int] = _sum()
    duration_ms: Named[int] = _sum()


stats_attempts = Table("stats_attempts", metadata, _StatsAttempts)


class _StatsLatency(TypedColumns):
    """Histograms of durations: a DDSketch each, by the number of its bin (core.stats.sketch)."""

    grain: Named[str] = _grain()
    stage: Named[str] = _key()
    bucket: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    model: Named[str] = _key()
    bin: Named[int] = _bin()
    turns: Named[int] = _sum()


stats_latency = Table("stats_latency", metadata, _StatsLatency)


class _StatsLatencyTotals(TypedColumns):
    """The same of all models together, in a fraction of the rows."""

    grain: Named[str] = _grain()
    stage: Named[str] = _key()
    bucket: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    bin: Named[int] = _bin()
    turns: Named[int] = _sum()


stats_latency_totals = Table("stats_latency_totals", metadata, _StatsLatencyTotals)


class _StatsUsers(TypedColumns):
    """What each person did in a bucket."""

    grain: Named[str] = _grain()
    bot_id: Named[int] = _bot()
    user_id: Named[int] = Column(BigInteger, primary_key=True, autoincrement=False)
    bucket: Named[datetime] = _bucket()
    questions: Named[int] = _sum()
    answers: Named[int] = _sum()
    tokens: Named[int] = _sum()
    cost_micros: Named[int] = _sum()


stats_users = Table("stats_users", metadata, _StatsUsers, Index(None, "grain", "bucket", "bot_id"))


class _StatsActivity(TypedColumns):
    """How many people were active in a bucket whose bucket of activity before it was `previous`.

    `-infinity` for those never seen before. People are counted per bot.
    """

    grain: Named[str] = _grain()
    bucket: Named[datetime] = _bucket()
    previous: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    users: Named[int] = _sum()


stats_activity = Table(
    "stats_activity", metadata, _StatsActivity, Index(None, "grain", "previous", "bucket")
)


class _StatsCohorts(TypedColumns):
    """The same by UTC day alone, told apart by the day on which people were first seen."""

    first: Named[datetime] = _bucket()
    bucket: Named[datetime] = _bucket()
    previous: Named[datetime] = _bucket()
    bot_id: Named[int] = _bot()
    shard: Named[int] = _shard()
    users: Named[int] = _sum()


stats_cohorts = Table("stats_cohorts", metadata, _StatsCohorts)


class _StatsRebuilds(TypedColumns):
    """How far a rebuild has come, so that it can go on after it was interrupted."""

    id: Named[UUID] = Column(primary_key=True)
    since: Named[datetime] = Column(DateTime(timezone=True), nullable=False)
    until: Named[datetime] = Column(DateTime(timezone=True), nullable=False)
    #: every day before this one is done
    done_until: Named[datetime] = Column(DateTime(timezone=True), nullable=False)
    differences: Named[int] = Column(Integer, server_default="0", nullable=False)
    created_at: Named[datetime] = moment()
    finished_at: Named[datetime | None] = Column(DateTime(timezone=True))


stats_rebuilds = Table("stats_rebuilds", metadata, _StatsRebuilds)


class _StatsMarks(TypedColumns):
    """Moments at which numbers may change, for charts to draw."""

    id: Named[UUID] = Column(primary_key=True)
    bot_id: Named[int] = Column(BigInteger, ForeignKey("bots.id"), nullable=False)
    at: Named[datetime] = moment()
    kind: Named[str]
    #: a few words for people; never a prompt's text
    label: Named[str] = Column(Text, nullable=False)
    details: Named[Any] = Column(JSON(none_as_null=True), nullable=True)


stats_marks = Table(
    "stats_marks",
    metadata,
    _StatsMarks,
    one_of("kind", "release", "prompt", "models", "flood", "breaker"),
    Index(None, "at"),
    Index(None, "bot_id", "kind", "at"),
)
