"""Puts questions to the rollups, such as "what were these metrics over these spans".

Tiles, charts and files all ask `measure` or `breakdown`, so their numbers agree. A chart's buckets
are spans, a tile is one span, its comparison another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    for metric in metrics:
        filters.refuse_unless(metric)
    known: list[_Known] = [_Known() for _ in spans]
    await _know_sums(session, metrics, spans, filters, known)
    await _know_people(session, metrics, spans, filters, clock, known)
    await _know_latency(session, metrics, spans, filters, known)
    return [{metric.slug: facts.value_of(metric) for metric in metrics} for facts in known]


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
    known: dict[str, _Known] = {}
    await _know_sums_by(session, metrics, span, by, filters, clock, known)
    await _know_latency_by(session, metrics, span, by, filters, clock, known)
    if by == "bot":
        await _know_people_by_bot(session, metrics, span, filters, clock, known)
    slices = [
        Slice(key=key, values={metric.slug: facts.value_of(metric) for metric in metrics})
        for key, facts in known.items()
    ]
    first = metrics[0].slug
    return sorted(slices, key=lambda found: (-(found.values[first] or 0), found.key))


class _Known:
    """What the rollups said about one span, from which its metrics are made."""

    def __init__(self) -> None:
        self.sums: dict[Sum, int] = {}
        self.people: dict[str, int | float] = {}
        self.bins: dict[str, list[tuple[int, int]]] = {}

    def value_of(self, metric: Metric) -> Value:
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
    session: ReadSession,
    metrics: Sequence[Metric],
    spans: Sequence[Span],
    filters: Filters,
    known: Sequence[_Known],
) -> None:
    for source, sums in _sums_of(metrics).items():
        rows = turns_of(filters) if source is Source.TURNS else calls_of(filters)
        statement = f"""
            SELECT piece.span, {", ".join(part.sql for part in sums)}
            FROM {PIECES} JOIN {rows.sql} AS f ON {IN_PIECE}
            WHERE true {filters.sql(rows.columns)}
            GROUP BY piece.span
        """
        for number, *values in await _ask(
            session, f"stats.{source}", statement, filters, pieces(list(spans), rows)
        ):
            known[number].sums.update(zip(sums, map(int, values), strict=True))


async def _know_sums_by(
    session: ReadSession,
    metrics: Sequence[Metric],
    span: Span,
    by: str,
    filters: Filters,
    clock: Clock,
    known: dict[str, _Known],
) -> None:
    for source, sums in _sums_of(metrics).items():
        rows = turns_of(filters) if source is Source.TURNS else calls_of(filters)
        statement = f"""
            SELECT {_key(by, rows)} AS key, {", ".join(part.sql for part in sums)}
            FROM {PIECES} JOIN {rows.sql} AS f ON {IN_PIECE}
            WHERE true {filters.sql(rows.columns)}
            GROUP BY 1
        """
        found = await _ask(
            session,
            f"stats.{source}_by_{by}",
            statement,
            filters,
            _pieces_by(span, rows, by, clock),
        )
        for key, *values in found:
            facts = known.setdefault(str(key), _Known())
            facts.sums.update(zip(sums, map(int, values), strict=True))


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


# --- people --------------------------------------------------------------------------------------


async def _know_people(
    session: ReadSession,
    metrics: Sequence[Metric],
    spans: Sequence[Span],
    filters: Filters,
    clock: Clock,
    known: Sequence[_Known],
) -> None:
    wanted = {m.how.which for m in metrics if isinstance(m.how, People | PeopleShare)}
    if not wanted:
        return
    asked = [_seen(span, wanted, clock) for span in spans]
    questions = dict.fromkeys(seen for parts in asked for seen in _flat(parts))
    counted = await people.count(session, list(questions), filters)
    for facts, parts in zip(known, asked, strict=True):
        facts.people = _people(parts, counted)


async def _know_people_by_bot(
    session: ReadSession,
    metrics: Sequence[Metric],
    span: Span,
    filters: Filters,
    clock: Clock,
    known: dict[str, _Known],
) -> None:
    if not any(isinstance(m.how, People | PeopleShare) for m in metrics):
        return
    statement = f"""
        SELECT DISTINCT f.bot_id FROM {PIECES} JOIN stats_facts AS f ON {IN_PIECE}
        WHERE true {filters.sql({"bot": "bot_id"})}
    """
    rows = turns_of(Filters())
    only_bot = Filters(bot=filters.bot)
    found = await _ask(session, "stats.bots", statement, only_bot, pieces([span], rows))
    for (bot,) in found:
        narrowed = Filters(bot=bot, user=filters.user)
        facts = known.setdefault(str(bot), _Known())
        await _know_people(session, metrics, [span], narrowed, clock, [facts])


def _seen(span: Span, wanted: Iterable[str], clock: Clock) -> dict[str, list[Seen]]:
    earlier = people.before(span)
    parts: dict[str, list[Seen]] = {"active": [people.active(span)]}
    for which in wanted:
        match which:
            case "new":
                parts["new"] = [people.new(span)]
            case "returning" | "resurrected" | "retention":
                parts["new"] = [people.new(span)]
                parts["not_before"] = [Seen(span, earlier.start)]
                parts["before"] = [people.active(earlier)]
            case "stickiness":
                days = buckets(span, Size.DAY, clock.zone)
                parts["daily"] = [people.active(day) for day in days if day.start < clock.now]
    return parts


def _flat(parts: Mapping[str, list[Seen]]) -> list[Seen]:
    return [seen for listed in parts.values() for seen in listed]


def _people(parts: Mapping[str, list[Seen]], counted: Mapping[Seen, int]) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        name: sum(counted[seen] for seen in listed) for name, listed in parts.items()
    }
    if "daily" in parts:
        numbers["daily"] /= max(1, len(parts["daily"]))
    if "not_before" in parts:
        numbers["returning"] = numbers["active"] - numbers["not_before"]
        numbers["resurrected"] = numbers["not_before"] - numbers["new"]
    return numbers


# --- latency -------------------------------------------------------------------------------------


async def _know_latency(
    session: ReadSession,
    metrics: Sequence[Metric],
    spans: Sequence[Span],
    filters: Filters,
    known: Sequence[_Known],
) -> None:
    if not (stages := _stages_of(metrics)):
        return
    rows = latency_of(filters)
    statement = f"""
        SELECT piece.span, f.stage, f.bin, sum(f.turns)
        FROM {PIECES} JOIN {rows.sql} AS f ON {IN_PIECE} AND f.stage = ANY(:stages)
        WHERE true {filters.sql(rows.columns)}
        GROUP BY 1, 2, 3
    """
    binds = {**pieces(list(spans), rows), "stages": stages}
    for number, stage, at, turns in await _ask(session, "stats.latency", statement, filters, binds):
        known[number].bins.setdefault(stage, []).append((at, int(turns)))


async def _know_latency_by(
    session: ReadSession,
    metrics: Sequence[Metric],
    span: Span,
    by: str,
    filters: Filters,
    clock: Clock,
    known: dict[str, _Known],
) -> None:
    if not (stages := _stages_of(metrics)):
        return
    rows = latency_of(filters)
    statement = f"""
        SELECT {_key(by, rows)} AS key, f.stage, f.bin, sum(f.turns)
        FROM {PIECES} JOIN {rows.sql} AS f ON {IN_PIECE} AND f.stage = ANY(:stages)
        WHERE true {filters.sql(rows.columns)}
        GROUP BY 1, 2, 3
    """
    binds = {**_pieces_by(span, rows, by, clock), "stages": stages}
    found = await _ask(session, f"stats.latency_by_{by}", statement, filters, binds)
    for key, stage, at, turns in found:
        bins = known.setdefault(str(key), _Known()).bins
        bins.setdefault(stage, []).append((at, int(turns)))


def _stages_of(metrics: Iterable[Metric]) -> list[str]:
    return sorted({m.how.stage for m in metrics if isinstance(m.how, Quantile)})


# --- statements ----------------------------------------------------------------------------------


def _key(by: str, rows: Rows) -> str:
    if by == "hour_of_week":  # ISO weekday and local hour: 1-00 is the first hour of Monday
        return "to_char(f.bucket AT TIME ZONE :zone, 'ID-HH24')"
    return f"f.{rows.columns[by]}"


def _pieces_by(span: Span, rows: Rows, by: str, clock: Clock) -> dict[str, Any]:
    if by != "hour_of_week":
        return pieces([span], rows)
    return {**pieces([span], rows, by_hour=True), "zone": clock.zone.key}


async def _ask(
    session: ReadSession, name: str, statement: str, filters: Filters, binds: dict[str, Any]
) -> Sequence[Any]:
    clause = typed(statement, filters).execution_options(query=name)
    return (await session.execute(clause, {**binds, **filters.values()})).all()
