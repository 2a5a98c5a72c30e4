"""Puts questions to the rollups, such as "what were these metrics over these spans".

Tiles, charts and files all ask `measure` or `breakdown`, so their numbers agree. A chart's buckets
are spans, a tile is one span, its comparison another.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.db.session import ReadSession
from core.stats import engagement
from core.stats.aggregates import Aggregates, Value, Values, stages_of, sums_of
from core.stats.calendar import Clock, Span
from core.stats.engagement import is_of_people
from core.stats.metrics import Metric, Quantile, Source
from core.stats.sources import Filters, WrongFilter, calls_of, latency_of, turns_of
from core.stats.sums import Grouping

__all__ = [
    "Clock",
    "Question",
    "Slice",
    "Value",
    "Values",
    "breakdown",
    "measure",
    "measure_each",
]


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
    known = {number: Aggregates() for number in range(len(asked.spans))}
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
    known: dict[Any, Aggregates] = defaultdict(Aggregates)
    asked = _Asked(spans=((span, tuple(metrics)),), filters=filters, clock=clock, by=by)
    await _know_sums(session, asked, known)
    await _know_latency(session, asked, known)
    if by == "bot":
        await _know_people_by_bot(session, asked, known)
    slices = [Slice(key=str(key), values=found.values_of(metrics)) for key, found in known.items()]
    first = metrics[0].slug
    return sorted(slices, key=lambda found: (-(found.values[first] or 0), found.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Metrics of spans, or of the only span by a dimension."""

    #: with the metrics that are asked of each
    spans: tuple[tuple[Span, tuple[Metric, ...]], ...]
    filters: Filters
    clock: Clock
    by: str | None = None

    @property
    def metrics(self) -> Iterable[Metric]:
        return dict.fromkeys(metric for _, metrics in self.spans for metric in metrics)

    @property
    def grouping(self) -> Grouping:
        return Grouping(filters=self.filters, zone=self.clock.zone, by=self.by)

    def spans_of(self, wanted: Callable[[Metric], bool]) -> Mapping[int, Span]:
        """The spans, by their numbers, of which such a metric is asked."""
        return {
            number: span
            for number, (span, metrics) in enumerate(self.spans)
            if any(map(wanted, metrics))
        }


async def _know_sums(
    session: ReadSession, asked: _Asked, known: MutableMapping[Any, Aggregates]
) -> None:
    for source, sums in sums_of(asked.metrics).items():
        is_of_turns = source is Source.TURNS
        rows = turns_of(asked.filters, asked.by) if is_of_turns else calls_of(asked.filters)
        spans = asked.spans_of(partial(_is_made_of, source))
        found = await asked.grouping.sums(session, source, rows, spans, [part.sql for part in sums])
        for key, *values in found:
            known[key].sums.update(zip(sums, map(int, values), strict=True))


def _is_made_of(source: Source, metric: Metric) -> bool:
    return source in sums_of([metric])


async def _know_latency(
    session: ReadSession, asked: _Asked, known: MutableMapping[Any, Aggregates]
) -> None:
    stages = stages_of(asked.metrics)
    if not stages:
        return
    found = await asked.grouping.sums(
        session,
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


async def _know_people(session: ReadSession, asked: _Asked, known: Sequence[Aggregates]) -> None:
    counted = await engagement.count(session, asked.spans, asked.filters, asked.clock)
    for aggregates, counts in zip(known, counted, strict=True):
        aggregates.people = counts


async def _know_people_by_bot(
    session: ReadSession, asked: _Asked, known: MutableMapping[Any, Aggregates]
) -> None:
    """Each bot has people of its own."""
    spans = asked.spans_of(is_of_people)
    if not spans:
        return
    everybody = replace(asked, filters=Filters(bot=asked.filters.bot))
    rows = turns_of(everybody.filters, "bot")
    for bot, _ in await everybody.grouping.sums(session, "bots", rows, spans, ["count(*)"]):
        narrowed = replace(asked, by=None, filters=replace(asked.filters, bot=bot))
        await _know_people(session, narrowed, [known[bot]])
