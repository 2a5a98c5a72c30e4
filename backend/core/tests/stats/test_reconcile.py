"""For random histories, every metric equals naive SQL over the raw rows."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db.session import Session
from core.stats.calendar import HOUR, Size, Span, buckets
from core.stats.metrics import METRICS, Kind
from core.stats.people import cohorts
from core.stats.query import Clock, breakdown, measure
from core.stats.sketch import RELATIVE_ERROR
from core.stats.sources import Filters

from . import naive
from .histories import DAYS, START, Teller, Told, comings_and_goings, histories

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Apia")
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
Run = Callable[[Callable[[Session], Awaitable[None]]], None]


def spans() -> st.SearchStrategy[Span]:
    hours = st.one_of(st.integers(-24, DAYS * 24), st.integers(-1, DAYS).map(lambda day: day * 24))
    return st.tuples(hours, st.integers(1, DAYS * 24)).map(
        lambda drawn: Span(START + drawn[0] * HOUR, START + (drawn[0] + drawn[1]) * HOUR)
    )


def filters() -> st.SearchStrategy[Filters]:
    return st.builds(
        Filters,
        bot=st.sampled_from([None, 42, 43]),
        model=st.sampled_from([None, None, "large", "small", ""]),
        language=st.sampled_from([None, None, "en", "pt", ""]),
        user=st.sampled_from([None, None, 1, 2]),
    )


def agree(slug: str, found: Any, expected: Any) -> bool:
    if METRICS[slug].kind is Kind.PERCENTILE and found is not None and expected is not None:
        return bool(abs(found - float(expected)) <= float(expected) * RELATIVE_ERROR * 1.000001)
    if found is None or expected is None:
        return found is None and expected is None
    return abs(float(found) - float(expected)) <= 1e-9 * max(1.0, abs(float(expected)))


async def judged(session: Session, slug: str, span: Span, asked: Filters, clock: Clock) -> Any:
    if slug == "stickiness":
        days = [day for day in buckets(span, Size.DAY, clock.zone) if day.start < clock.now]
        return await naive.stickiness(session, days, span, asked)
    if slug in naive.CALLS:
        return await naive.calls(session, slug, span, asked)
    if METRICS[slug].group == "people":
        return await naive.people(session, slug, span, asked, clock.zone)
    return await naive.aggregate(session, slug, span, asked)


class TestEveryMetric:
    @given(
        history=histories(),
        span=spans(),
        asked=filters(),
        zone=st.sampled_from(ZONES),
        seed=st.integers(0, 1000),
    )
    @SLOW
    def test_equals_naive_sql(
        self,
        in_database: Run,
        history: list[Told],
        span: Span,
        asked: Filters,
        zone: str,
        seed: int,
    ) -> None:
        clock = Clock(zone=ZoneInfo(zone), now=START + timedelta(days=400))

        async def compare(session: Session) -> None:
            await Teller(session).tell(history, seed)
            fitting = [m for m in METRICS.values() if asked.names <= m.filters]
            [found] = await measure(session, fitting, [span], asked, clock)
            for metric in fitting:
                expected = await judged(session, metric.slug, span, asked, clock)
                assert agree(metric.slug, found[metric.slug], expected), (
                    metric.slug,
                    found[metric.slug],
                    expected,
                )

        in_database(compare)


class TestPeople:
    @given(
        history=comings_and_goings(),
        asked=st.lists(spans(), min_size=3, max_size=6),
        bot=st.sampled_from([None, 42]),
        user=st.sampled_from([None, None, 1]),
        zone=st.sampled_from(ZONES),
    )
    @SLOW
    def test_are_counted_once_in_any_span(
        self,
        in_database: Run,
        history: list[Told],
        asked: list[Span],
        bot: int | None,
        user: int | None,
        zone: str,
    ) -> None:
        narrowed = Filters(bot=bot, user=user)
        clock = Clock(zone=ZoneInfo(zone), now=START + timedelta(days=400))

        async def compare(session: Session) -> None:
            await Teller(session).tell(history)
            metrics = [m for m in METRICS.values() if m.group == "people"]
            for span, found in zip(
                asked, await measure(session, metrics, asked, narrowed, clock), strict=True
            ):
                for slug, value in found.items():
                    expected = await judged(session, slug, span, narrowed, clock)
                    assert agree(slug, value, expected), (slug, span, value, expected)

        in_database(compare)

    @given(history=comings_and_goings(), width=st.sampled_from([1, 3, 7]))
    @SLOW
    def test_are_followed_by_the_week_in_which_they_were_first_seen(
        self, in_database: Run, history: list[Told], width: int
    ) -> None:
        days = timedelta(days=width)
        weeks = [Span(START + n * days, START + (n + 1) * days) for n in range(DAYS // width)]

        async def compare(session: Session) -> None:
            await Teller(session).tell(history)
            found = await cohorts(session, weeks, Filters())
            for number, cohort in enumerate(found):
                members = await naive.first_seen(session, weeks[number])
                assert cohort.size == len(members)
                for later, active in zip(weeks[number:], cohort.active, strict=True):
                    assert active == len(members & await naive.seen(session, later))

        in_database(compare)


class TestBreakdowns:
    @given(
        history=histories(),
        span=spans(),
        user=st.sampled_from([None, 1]),
        dimension=st.sampled_from(list(naive.DIMENSIONS)),
    )
    @SLOW
    def test_equal_naive_sql(
        self, in_database: Run, history: list[Told], span: Span, user: int | None, dimension: str
    ) -> None:
        asked = Filters(user=user)
        clock = Clock(zone=ZoneInfo("UTC"), now=START + timedelta(days=400))

        async def compare(session: Session) -> None:
            await Teller(session).tell(history)
            fitting = [
                m
                for m in METRICS.values()
                if dimension in m.dimensions and m.group != "people" and m.slug not in naive.CALLS
            ]
            found = await breakdown(
                session, fitting, span, by=dimension, filters=asked, clock=clock
            )
            for metric in fitting:
                expected = await naive.by(session, metric.slug, dimension, span, asked)
                assert {part.key for part in found} == set(expected)
                for part in found:
                    value = part.values[metric.slug]
                    assert agree(metric.slug, value, expected[part.key]), (metric.slug, part)

        in_database(compare)

    @given(
        history=histories(),
        span=spans(),
        user=st.sampled_from([None, 1]),
        dimension=st.sampled_from(list(naive.CALL_DIMENSIONS)),
    )
    @SLOW
    def test_of_calls_equal_naive_sql(
        self, in_database: Run, history: list[Told], span: Span, user: int | None, dimension: str
    ) -> None:
        asked = Filters(user=user)
        clock = Clock(zone=ZoneInfo("UTC"), now=START + timedelta(days=400))

        async def compare(session: Session) -> None:
            await Teller(session).tell(history)
            metrics = [METRICS[slug] for slug in naive.CALLS]
            found = await breakdown(
                session, metrics, span, by=dimension, filters=asked, clock=clock
            )
            for slug in naive.CALLS:
                expected = await naive.calls_by(session, slug, dimension, span, asked)
                values = {part.key: part.values[slug] for part in found}
                assert values.keys() == expected.keys()
                assert all(agree(slug, value, expected[key]) for key, value in values.items())

        in_database(compare)

    @given(history=histories(), span=spans(), zone=st.sampled_from(ZONES[:4]))
    @SLOW
    def test_add_up_to_the_whole(
        self, in_database: Run, history: list[Told], span: Span, zone: str
    ) -> None:
        """A tile is the sum of its chart, by any bucket and any dimension."""
        clock = Clock(zone=ZoneInfo(zone), now=START + timedelta(days=400))

        async def compare(session: Session) -> None:
            await Teller(session).tell(history)
            sums = [m for m in METRICS.values() if m.kind is Kind.ADDITIVE]
            [whole] = await measure(session, sums, [span], Filters(), clock)
            for size in Size:
                parts = buckets(span, size, clock.zone)
                rows = await measure(session, sums, parts, Filters(), clock)
                assert {slug: sum(row[slug] or 0 for row in rows) for slug in whole} == whole
            for by in ("outcome", "hour_of_week"):
                slices = await breakdown(session, sums, span, by=by, filters=Filters(), clock=clock)
                found = {slug: sum(part.values[slug] or 0 for part in slices) for slug in whole}
                assert found == whole

        in_database(compare)
