"""Rebuilding changes nothing that is right, and puts right what is not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.db.session import Database, Session
from core.stats.calendar import DAY, Span, floor_day
from core.stats.metrics import METRICS
from core.stats.people import cohorts
from core.stats.query import Clock, measure
from core.stats.rebuild import are_missing, rebuild
from core.stats.recount import Outcome, recount
from core.stats.sources import Filters

from . import naive
from .histories import BOTS, START, Teller, Told, comings_and_goings, histories
from .test_reconcile import SLOW, Run, agree, judged, spans

FEW = settings(SLOW, max_examples=5)
CLOCK = Clock(zone=ZoneInfo("UTC"), now=START + timedelta(days=400))
#: each of them is some sixty statements for a bot
FEW_DAYS = 5
EVERYTHING = Span(START, START + FEW_DAYS * DAY)


async def rebuilt(session: Session, days: list[int]) -> Outcome:
    outcome = Outcome()
    for number in days:
        for bot_id in BOTS:
            await recount(session, bot_id, START + number * DAY, outcome)
    return outcome


class TestRebuild:
    @given(history=histories(FEW_DAYS), seed=st.integers(0, 100))
    @FEW
    def test_of_booked_days_finds_no_difference(
        self, in_database: Run, history: list[Told], seed: int
    ) -> None:
        async def compare(session: Session) -> None:
            await Teller(session).tell(history, seed)
            assert (await rebuilt(session, list(range(FEW_DAYS)))).examples == []

        in_database(compare)

    @given(
        booked=histories(FEW_DAYS),
        lost=histories(FEW_DAYS),
        order=st.permutations(range(FEW_DAYS)),
        asked=spans(),
    )
    @FEW
    def test_puts_right_what_was_never_booked(
        self,
        in_database: Run,
        booked: list[Told],
        lost: list[Told],
        order: list[int],
        asked: Span,
    ) -> None:
        async def compare(session: Session) -> None:
            teller = Teller(session)
            await teller.tell(booked)
            teller.books = False
            await teller.tell(lost)
            outcome = await rebuilt(session, order)
            assert (outcome.differences > 0) == bool(lost)
            metrics = list(METRICS.values())
            for span in (asked, EVERYTHING):
                [found] = await measure(session, metrics, [span], Filters(), CLOCK)
                for slug, value in found.items():
                    expected = await judged(session, slug, span, Filters(), CLOCK)
                    assert agree(slug, value, expected), (slug, span, value, expected)
            assert (await rebuilt(session, order)).examples == []

        in_database(compare)

    @given(
        booked=comings_and_goings(FEW_DAYS),
        lost=comings_and_goings(FEW_DAYS),
        gone=st.integers(0, 100),
        order=st.permutations(range(FEW_DAYS)),
    )
    @FEW
    def test_keeps_the_chains_of_later_days_in_step(
        self,
        in_database: Run,
        booked: list[Told],
        lost: list[Told],
        gone: int,
        order: list[int],
    ) -> None:
        """Days may be rebuilt in any order, and rows may be missing or too many."""

        async def compare(session: Session) -> None:
            teller = Teller(session)
            await teller.tell(booked)
            teller.books = False
            await teller.tell(lost)
            await session.execute(
                text(f"UPDATE turns SET verdict = NULL WHERE mod(thread_id * 37, 100) < {gone}")
            )
            await rebuilt(session, order)
            days = [Span(START + n * DAY, START + (n + 1) * DAY) for n in range(FEW_DAYS)]
            for number, cohort in enumerate(await cohorts(session, days, Filters())):
                members = await naive.first_seen(session, days[number])
                assert cohort.active == tuple(
                    [len(members & await naive.seen(session, day)) for day in days[number:]]
                )
            people = [metric for metric in METRICS.values() if metric.group == "people"]
            for day, found in zip(
                days, await measure(session, people, days, Filters(), CLOCK), strict=True
            ):
                for slug, value in found.items():
                    expected = await judged(session, slug, day, Filters(), CLOCK)
                    assert agree(slug, value, expected), (slug, day, value, expected)

        in_database(compare)


class TestTheWholeRun:
    async def test_tells_how_far_it_is_and_that_nothing_differed(
        self, database: Database, history: list[Told]
    ) -> None:
        seen: list[datetime] = []
        outcome = await rebuild(database, progress=lambda _since, _until, done: seen.append(done))
        first = floor_day(min(told.moment for told in history))
        last = floor_day(max(told.moment for told in history)) + DAY
        assert (outcome.days, outcome.differences) == ((last - first) // DAY, 0)
        assert seen == [first + n * DAY for n in range(outcome.days + 1)]

    async def test_names_what_differed(self, database: Database, history: list[Told]) -> None:
        async with database.write() as session:
            await session.execute(text("UPDATE stats_facts SET answers = answers + 1"))
            await session.execute(text("DELETE FROM stats_latency WHERE stage = 'delivery'"))
        outcome = await rebuild(database)
        assert outcome.examples[0].table == "stats_facts"
        assert outcome.examples[0].was.startswith("answers ")
        assert (await rebuild(database)).differences == 0

    async def test_goes_on_where_it_was_interrupted(
        self, database: Database, history: list[Told]
    ) -> None:
        done: list[datetime] = []

        def interrupt(_since: datetime, _until: datetime, day: datetime) -> None:
            done.append(day)
            if len(done) == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await rebuild(database, progress=interrupt)
        resumed: list[datetime] = []
        await rebuild(database, progress=lambda _since, _until, day: resumed.append(day))
        assert resumed[0] == done[-1]

    async def test_of_part_of_the_time_leaves_the_rest_alone(
        self, database: Database, history: list[Told]
    ) -> None:
        async with database.write() as session:
            await session.execute(text("UPDATE stats_totals SET answers = answers + 1"))
        cut = START + 5 * DAY
        await rebuild(database, cut, None)
        async with database.read() as session:
            answers = METRICS["answers"]
            parts = [Span(START, cut), Span(cut, START + 10 * DAY)]
            before, after = await measure(session, [answers], parts, Filters(), CLOCK)
            truth = [await naive.aggregate(session, "answers", part, Filters()) for part in parts]
        assert before["answers"] != truth[0]
        assert after["answers"] == truth[1]

    async def test_is_wanted_where_turns_have_no_rollups(
        self, database: Database, history: list[Told]
    ) -> None:
        assert not await are_missing(database)
        async with database.write() as session:
            await session.execute(text("TRUNCATE stats_facts"))
        assert await are_missing(database)

    async def test_of_an_empty_database(self, database: Database) -> None:
        assert not await are_missing(database)
        assert (await rebuild(database)).days == 0

    async def test_of_days_without_anything(self, database: Database, history: list[Told]) -> None:
        far = datetime(2031, 1, 1, tzinfo=UTC)
        assert (await rebuild(database, far, far + DAY)).days == 0
