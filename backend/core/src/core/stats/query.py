"""Puts questions to the rollups, such as "what were these metrics over these spans".

Tiles, charts and files all ask `measure` or `breakdown`, so their numbers agree. A chart's buckets
are spans, a tile is one span, its comparison another.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from core.db.session import ReadSession
from core.stats import people
from core.stats.calendar import Size, Span, buckets
from core.stats.metrics import (
    Metric,
    People,
    PeopleShare,
    Quantile,
    Share,
    Source,
    Sum,
    Total,
)
from core.stats.people import Seen
from core.stats.sketch import quantile
from core.stats.sources import (
    IN_PIECE,
    PIECES,
    Filters,
    Rows,
    WrongFilter,
    calls_of,
    latency_of,
    pieces,
    turns_of,
    typed,
)

#: whole numbers for sums and people, fractions for ratios and percentiles; None where there is none
Value = int | float | None
Values = dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where and when a question is asked: days are local, and the current one is not over."""

    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True)
class Question:
    metrics: Sequence[Metric]
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A value of a dimension with its metrics."""

    key: str
    values: Values


async def measure(
    session: ReadSession,
    metrics: Sequence[Metric],
    spans: Sequence[Span],
    filters: Filters,
    clock: Clock,
) -> list[Values]:
    """The metrics of each span; raises WrongFilter."""
    [measured] = await measure_each(session, [Question(metrics, spans)], filters, clock)
    return measured


async def measure_each(
    session: ReadSession, questions: Sequence[Question], filters: Filters, clock: Clock
) -> list[list[Values]]:
    """The answers to several questions, with no more statements than one of them takes."""
    for metric in (metric for question in questions for metric in question.metrics):
        filters.refuse_unless(metric)
    asked = _Asked(
        spans=tuple(
            (span, tuple(question.metrics)) for question in questions for span in question.spans
        ),
        filters=filters,
        clock=clock,
    )
    known = {number: _Known() for number in range(len(asked.spans))}
    await _know_sums(session, asked, known)
    await _know_latency(session, asked, known)
    await _know_people(session, asked, list(known.values()))
    answers = iter(known.values())
    return [
        [next(answers).values_of(question.metrics) for _ in question.spans]
        for question in questions
    ]


async def breakdown(
    session: ReadSession,
    metrics: Sequence[Metric],
    span: Span,
    *,
    by: str,
    filters: Filters,
    clock: Clock,
) -> list[Slice]:
    """The metrics for each value of a dimension, largest first by the first metric."""
    for metric in metrics:
        filters.refuse_unless(metric)
        if by not in metric.dimensions:
            able = ", ".join(sorted(metric.dimensions))
            raise WrongFilter(f"{metric.slug} cannot be broken down by {by}; it can be by {able}.")
    known: dict[Any, _Known] = defaultdict(_Known)
    asked = _Asked(spans=((span, tuple(metrics)),), filters=filters, clock=clock, by=by)
    await _know_sums(session, asked, known)
    await _know_latency(session, asked, known)
    if by == "bot":
        await _know_people_by_bot(session, asked, known)
    slices = [Slice(key=str(key), values=facts.values_of(metrics)) for key, facts in known.items()]
    first = metrics[0].slug
    return sorted(slices, key=lambda found: (-(found.values[first] or 0), found.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the numbers are grouped by: the spans' numbers, or a dimension of the only span."""

    #: with the metrics that are asked of each
    spans: tuple[tuple[Span, tuple[Metric, ...]], ...]
    filters: Filters
    clock: Clock
    by: str | None = None

    @property
    def metrics(self) -> Iterable[Metric]:
        return dict.fromkeys(metric for _, metrics in self.spans for metric in metrics)

    def spans_of(self, wanted: Callable[[Metric], bool]) -> dict[int, Span]:
        """The spans, by their numbers, of which such a metric is asked."""
        return {
            number: span
            for number, (span, metrics) in enumerate(self.spans)
            if any(map(wanted, metrics))
        }

    @property
    def key(self) -> str:
        return "part.key" if self.by else "piece.span"

    def dimension(self, rows: Rows) -> str:
        if self.by == "hour_of_week":  # ISO weekday and local hour: 1-00 is Monday's first hour
            return "to_char(f.bucket AT TIME ZONE :zone, 'ID-HH24')"
        assert self.by is not None
        return f"f.{rows.columns[self.by]}"

    def binds(self, rows: Rows, spans: Mapping[int, Span]) -> dict[str, Any]:
        by_hour = self.by == "hour_of_week"
        zone = {"zone": self.clock.zone.key} if by_hour else {}
        return pieces(spans, rows, by_hour=by_hour) | self.filters.values() | zone

    def name(self, what: str) -> str:
        """Of the query, for who looks at how long it takes."""
        return f"stats.{what}_by_{self.by}" if self.by else f"stats.{what}"


class _Known:
    """What the rollups said about one span, from which its metrics are made."""

    def __init__(self) -> None:
        self.sums: dict[Sum, int] = {}
        self.people: dict[str, int | float] = {}
        self.bins: dict[str, list[tuple[int, int]]] = {}

    def values_of(self, metrics: Iterable[Metric]) -> Values:
        return {metric.slug: self._value_of(metric) for metric in metrics}

    def _value_of(self, metric: Metric) -> Value:
        match metric.how:
            case Total(sums):
                return sum(self.sums.get(part, 0) for part in sums)
            case Share(top, bottom):
                return _ratio(self.sums.get(top, 0), self.sums.get(bottom, 0))
            case People(which):
                return int(self.people.get(which, 0))
            case PeopleShare(which):
                part, whole = _PEOPLE_SHARES[which]
                return _ratio(self.people.get(part, 0), self.people.get(whole, 0))
            case Quantile(stage, q):
                return quantile(self.bins.get(stage, ()), q)


_PEOPLE_SHARES: dict[str, tuple[str, str]] = {
    "stickiness": ("daily", "active"),
    "retention": ("returning", "before"),
}


def _ratio(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


# --- sums ----------------------------------------------------------------------------------------


async def _know_sums(
    session: ReadSession, asked: _Asked, known: MutableMapping[Any, _Known]
) -> None:
    for source, sums in _sums_of(asked.metrics).items():
        is_of_turns = source is Source.TURNS
        rows = turns_of(asked.filters, asked.by) if is_of_turns else calls_of(asked.filters)
        spans = asked.spans_of(partial(_is_made_of, source))
        found = await _ask(session, asked, source, rows, spans, [part.sql for part in sums])
        for key, *values in found:
            known[key].sums.update(zip(sums, map(int, values), strict=True))


def _is_made_of(source: Source, metric: Metric) -> bool:
    return source in _sums_of([metric])


def _sums_of(metrics: Iterable[Metric]) -> dict[Source, list[Sum]]:
    """The sums that the metrics are made of, by where they come from."""
    found: dict[Source, dict[Sum, None]] = {}
    for metric in metrics:
        match metric.how:
            case Total(sums):
                needed = sums
            case Share(top, bottom):
                needed = (top, bottom)
            case _:
                needed = ()
        for part in needed:
            found.setdefault(part.source, {})[part] = None
    return {source: list(sums) for source, sums in found.items()}


# --- latency -------------------------------------------------------------------------------------


async def _know_latency(
    session: ReadSession, asked: _Asked, known: MutableMapping[Any, _Known]
) -> None:
    stages = sorted({m.how.stage for m in asked.metrics if isinstance(m.how, Quantile)})
    if not stages:
        return
    found = await _ask(
        session,
        asked,
        "latency",
        latency_of(asked.filters, asked.by),
        asked.spans_of(lambda metric: isinstance(metric.how, Quantile)),
        ["sum(f.turns)"],
        groups=("stage", "bin"),
        where="AND f.stage = ANY(:stages)",
        stages=stages,
    )
    for key, stage, at, turns in found:
        known[key].bins.setdefault(stage, []).append((at, int(turns)))


# --- people --------------------------------------------------------------------------------------


async def _know_people(session: ReadSession, asked: _Asked, known: Sequence[_Known]) -> None:
    parts = [_seen(span, metrics, asked.clock) for span, metrics in asked.spans]
    questions = dict.fromkeys(seen for one in parts for listed in one.values() for seen in listed)
    counted = await people.count(session, list(questions), asked.filters)
    for facts, one in zip(known, parts, strict=True):
        facts.people = _people(one, counted)


async def _know_people_by_bot(
    session: ReadSession, asked: _Asked, known: MutableMapping[Any, _Known]
) -> None:
    """Each bot has people of its own."""
    spans = asked.spans_of(lambda metric: isinstance(metric.how, People | PeopleShare))
    if not spans:
        return
    everybody = replace(asked, filters=Filters(bot=asked.filters.bot))
    rows = turns_of(everybody.filters, "bot")
    for bot, _ in await _ask(session, everybody, "bots", rows, spans, ["count(*)"]):
        narrowed = replace(asked, by=None, filters=replace(asked.filters, bot=bot))
        await _know_people(session, narrowed, [known[bot]])


def _seen(span: Span, metrics: Iterable[Metric], clock: Clock) -> dict[str, list[Seen]]:
    """The counts that the span's metrics of people are made of."""
    wanted = {m.how.which for m in metrics if isinstance(m.how, People | PeopleShare)}
    earlier = people.before(span)
    parts: dict[str, list[Seen]] = {"active": [people.active(span)]} if wanted else {}
    if wanted & {"new", "resurrected"}:
        parts["new"] = [people.new(span)]
    if wanted & {"returning", "resurrected", "retention"}:
        parts["not_before"] = [Seen(span, earlier.start)]
    if "retention" in wanted:
        parts["before"] = [people.active(earlier)]
    if "stickiness" in wanted:
        days = buckets(span, Size.DAY, clock.zone)
        parts["daily"] = [people.active(day) for day in days if day.start < clock.now]
    return parts


def _people(parts: Mapping[str, list[Seen]], counted: Mapping[Seen, int]) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        name: sum(counted[seen] for seen in listed) for name, listed in parts.items()
    }
    if "daily" in parts:
        numbers["daily"] /= max(1, len(parts["daily"]))
    if "not_before" in parts:
        numbers["returning"] = numbers["active"] - numbers["not_before"]
        numbers["resurrected"] = numbers["not_before"] - numbers.get("new", 0)
    return numbers


async def _ask(
    session: ReadSession,
    asked: _Asked,
    name: str,
    rows: Rows,
    spans: Mapping[int, Span],
    sums: Sequence[str],
    *,
    groups: Sequence[str] = (),
    where: str = "",
    **binds: Any,
) -> Sequence[Any]:
    """The sums for each key and group, over the rows of the spans.

    Each piece is summed by itself, in a subquery that OFFSET 0 keeps apart: the planner cannot see
    how narrow the pieces are, and would rather read whole tables than look them up.
    """
    by = {"key": asked.dimension(rows)} if asked.by else {}
    inner = [f"{sql} AS {name}" for name, sql in by.items()]
    inner += [f"f.{group}" for group in groups]
    inner += [f"{sql} AS sum_{number}" for number, sql in enumerate(sums)]
    outer = [f"sum(part.sum_{number})" for number in range(len(sums))]
    statement = f"""
        SELECT {", ".join([asked.key, *(f"part.{group}" for group in groups), *outer])}
        FROM {PIECES} CROSS JOIN LATERAL (
            SELECT {", ".join(inner)} FROM {rows.sql} AS f
            WHERE {IN_PIECE} {where} {asked.filters.sql(rows.columns)}
            {_group_by(len(by) + len(groups))}
            OFFSET 0
        ) AS part
        {_group_by(1 + len(groups))}
    """
    clause = typed(statement, asked.filters).execution_options(query=asked.name(name))
    return (await session.execute(clause, asked.binds(rows, spans) | binds)).all()


def _group_by(columns: int) -> str:
    places = ", ".join(str(place) for place in range(1, columns + 1))
    return f"GROUP BY {places}" if columns else ""
