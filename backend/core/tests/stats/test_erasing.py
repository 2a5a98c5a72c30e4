"""Erasing a person leaves every number as it was."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.chat import erasure
from core.db.session import Session
from core.stats.calendar import DAY, Span
from core.stats.metrics import METRICS
from core.stats.query import Clock, Values, measure
from core.stats.recount import Outcome, recount
from core.stats.sources import Filters

from .histories import BOTS, START, Teller, Told, comings_and_goings, histories
from .test_reconcile import SLOW, Run, agree, judged, spans

FEW = settings(SLOW, max_examples=8)
FEW_DAYS = 5
CLOCK = Clock(zone=ZoneInfo("UTC"), now=START + timedelta(days=400))
EVERYTHING = Span(START, START + FEW_DAYS * DAY)


async def measured(session: Session, span: Span) -> Values:
    [found] = await measure(session, list(METRICS.values()), [span], Filters(), CLOCK)
    return found


async def differences(session: Session) -> list[object]:
    outcome = Outcome()
    for number in range(FEW_DAYS):
        for bot_id in BOTS:
            await recount(session, bot_id, START + number * DAY, outcome)
    return list(outcome.examples)


async def ids(session: Session) -> set[int]:
    rows = await session.execute(
        text(
            "SELECT user_id FROM turns UNION SELECT user_id FROM stats_users UNION "
            "SELECT id FROM users UNION SELECT chat_id FROM dialogs UNION SELECT user_id FROM "
            "messages WHERE user_id IS NOT NULL UNION SELECT user_id FROM feedback"
        )
    )
    return set(rows.scalars())


@given(
    history=histories(FEW_DAYS),
    gone=st.sets(st.tuples(st.sampled_from(BOTS), st.integers(1, 5)), min_size=1),
    seed=st.integers(0, 100),
    asked=spans(),
)
@FEW
def test_numbers_stay_and_ids_go(
    in_database: Run, history: list[Told], gone: set[tuple[int, int]], seed: int, asked: Span
) -> None:
    async def compare(session: Session) -> None:
        await Teller(session).tell(history, seed)
        before = [await measured(session, span) for span in (asked, EVERYTHING)]
        for bot_id, user_id in sorted(gone):
            await erasure.erase(session, bot_id, user_id)
        assert [await measured(session, span) for span in (asked, EVERYTHING)] == before
        assert await differences(session) == []
        left = {told.user_id for told in history if (told.bot_id, told.user_id) not in gone}
        assert {id_ for id_ in await ids(session) if id_ < 2**53} == left

    in_database(compare)


@given(
    history=comings_and_goings(FEW_DAYS),
    minutes=st.integers(0, FEW_DAYS * 1440),
    asked=spans(),
)
@FEW
def test_who_was_there_before_and_after_becomes_two(
    in_database: Run, history: list[Told], minutes: int, asked: Span
) -> None:
    """As after a restore whose replay was forgotten for a while."""
    until = START + timedelta(minutes=minutes)

    async def compare(session: Session) -> None:
        await Teller(session).tell(history)
        for bot_id in BOTS:
            for user_id in (1, 2):
                await erasure.erase(session, bot_id, user_id, until=until)
        assert await differences(session) == []
        for span in (asked, EVERYTHING):
            for slug, value in (await measured(session, span)).items():
                expected = await judged(session, slug, span, Filters(), CLOCK)
                assert agree(slug, value, expected), (slug, span, value, expected)
        rows = await session.execute(
            text("SELECT created_at <= :until, user_id < 9 FROM turns"), {"until": until}
        )
        assert set(rows) <= {(True, False), (False, True)}

    in_database(compare)
