"""Distinct people of any span, exactly, without touching people.

The rollup counts, per bucket, people by the bucket in which they were active before. Whoever was
active in [a, b) has exactly one bucket there whose previous one lies before a; counting those
buckets counts the people. With an earlier limit x in place of a, it counts those of them whose
last activity before the span lies before x: so new, returning and resurrected people come from the
same rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.db.session import ReadSession
from core.stats.calendar import Grain, Span, floor_day
from core.stats.sources import Filters, activity_of, typed

#: earlier than all activity, later than "never": people last seen before it are new
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """The people active in a span whose activity before it ended before `until`."""

    span: Span
    until: datetime


def active(span: Span) -> Seen:
    return Seen(span, span.start)


def new(span: Span) -> Seen:
    return Seen(span, NEVER)


def before(span: Span) -> Span:
    """The span of equal length that ends where this one begins."""
    return Span(span.start - (span.end - span.start), span.start)


async def count(
    session: ReadSession, questions: Sequence[Seen], filters: Filters
) -> dict[Seen, int]:
    """How many people each question is about."""
    slices = [part for number, seen in enumerate(questions) for part in _slices(number, seen)]
    rows = activity_of(filters)
    by_bucket = [part for part in slices if part.since is None]
    by_previous = [part for part in slices if part.since is not None]
    counted = dict.fromkeys(questions, 0)
    for parts, condition in ((by_bucket, _BY_BUCKET), (by_previous, _BY_PREVIOUS)):
        if not parts:
            continue
        statement = f"""
            SELECT slice.span, coalesce(sum(part.users), 0)
            FROM unnest(:spans, :grains, :starts, :ends, :since, :before)
                 AS slice (span, grain, start, until, since, before)
            CROSS JOIN LATERAL (
                SELECT sum(f.users) AS users FROM {rows.sql} AS f
                WHERE f.grain = slice.grain AND {condition} {filters.sql(rows.columns)}
                OFFSET 0
            ) AS part
            GROUP BY slice.span
        """
        found = await session.execute(
            typed(statement, filters).execution_options(query="stats.people"),
            {**_binds(parts), **filters.values()},
        )
        for number, users in found:
            counted[questions[number]] += int(users)
    return counted


@dataclass(frozen=True, slots=True)
class _Slice:
    number: int
    grain: Grain
    start: datetime
    end: datetime
    since: datetime | None
    before: datetime


def _slices(number: int, seen: Seen) -> Iterator[_Slice]:
    """The rows that count, as ranges of buckets and of previous buckets."""
    first, last = seen.span.whole_days
    limit = floor_day(seen.until)
    if seen.span.start < first:
        yield _Slice(number, "hour", seen.span.start, first, None, seen.until)
    if first < last:
        yield _Slice(number, "day", first, last, None, limit)
        if limit < seen.until:  # by days alone nobody knows who was last seen before that hour
            yield _Slice(number, "hour", first, last, limit, seen.until)
    if last < seen.span.end:
        yield _Slice(number, "hour", last, seen.span.end, None, seen.until)


_BY_BUCKET = "f.bucket >= slice.start AND f.bucket < slice.until AND f.previous < slice.before"
# Few rows have their previous bucket within the hours of one day, many lie in the span: the sum
# keeps the planner from the index on the bucket.
_BY_PREVIOUS = (
    "f.previous >= slice.since AND f.previous < slice.before "
    "AND f.bucket + interval '0' >= slice.start AND f.bucket + interval '0' < slice.until"
)


def _binds(parts: Sequence[_Slice]) -> dict[str, list[Any]]:
    return {
        "spans": [part.number for part in parts],
        "grains": [part.grain for part in parts],
        "starts": [part.start for part in parts],
        "ends": [part.end for part in parts],
        "since": [part.since for part in parts],
        "before": [part.before for part in parts],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """People first seen in `start`'s bucket, and how many of them were active in each later one."""

    start: datetime
    size: int
    #: from the cohort's own bucket on
    active: tuple[int, ...]


async def cohorts(session: ReadSession, spans: Sequence[Span], filters: Filters) -> list[Cohort]:
    """Retention by the span in which people were first seen; spans are adjacent, on UTC days."""
    statement = f"""
        SELECT origin.span, slice.span, sum(f.users)
        FROM unnest(:spans, :starts, :ends) AS slice (span, start, until)
        JOIN stats_cohorts AS f
          ON f.bucket >= slice.start AND f.bucket < slice.until AND f.previous < slice.start
        JOIN unnest(:spans, :starts, :ends) AS origin (span, start, until)
          ON f.first >= origin.start AND f.first < origin.until
        WHERE true {filters.sql({"bot": "bot_id"})}
        GROUP BY 1, 2
    """
    assert all(floor_day(span.start) == span.start for span in spans)
    found = await session.execute(
        typed(statement, filters).execution_options(query="stats.cohorts"),
        {
            "spans": list(range(len(spans))),
            "starts": [span.start for span in spans],
            "ends": [span.end for span in spans],
            **filters.values(),
        },
    )
    users = {(origin, span): int(number) for origin, span, number in found}
    return [
        Cohort(
            start=cohort.start,
            size=users.get((number, number), 0),
            active=tuple(users.get((number, later), 0) for later in range(number, len(spans))),
        )
        for number, cohort in enumerate(spans)
    ]
