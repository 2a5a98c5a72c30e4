"""The one list of the overview that is remembered: how old it is, who makes it, what it forgets."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.stats.overview import TopUsers
from core.db.session import Database
from core.stats import lists
from core.stats.calendar import Span
from core.stats.lists import UserRow
from core.stats.sources import Filters

from .golden import ANN

SPAN = Span(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC))
EVERYBODY = Filters()


class Lists:
    """`core.stats.lists.users`, counted, held up and broken as a test wants it."""

    def __init__(self) -> None:
        self._real = lists.users
        self.calls = 0
        self.is_broken = False
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def users(self, *args: Any, **given: Any) -> list[UserRow]:
        self.calls += 1
        await self.may_go_on.wait()
        if self.is_broken:
            raise OSError
        return await self._real(*args, **given)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Lists:
    asked = Lists()
    monkeypatch.setattr(lists, "users", asked.users)
    return asked


@pytest.fixture
async def tops(golden_url: str) -> AsyncIterator[TopUsers]:
    database = Database(golden_url)
    tops = TopUsers(database)
    yield tops
    await tops.close()
    await database.close()


async def first_of(tops: TopUsers, filters: Filters = EVERYBODY) -> int:
    [first, *_] = (await tops.of(SPAN, filters)).users
    assert first.id == ANN.public_id or filters != EVERYBODY
    return first.questions


async def settled(asked: Lists, calls: int) -> None:
    async with asyncio.timeout(20):
        while asked.calls < calls:
            await asyncio.sleep(0.01)


async def test_says_when_it_was_made(tops: TopUsers) -> None:
    made = await tops.of(SPAN, EVERYBODY)
    assert timedelta(0) <= datetime.now(UTC) - made.as_of < timedelta(minutes=1)
    assert (await tops.of(SPAN, EVERYBODY)).as_of == made.as_of


async def test_those_who_come_at_once_make_it_once(tops: TopUsers, asked: Lists) -> None:
    asked.may_go_on.clear()
    waiting = [asyncio.create_task(first_of(tops)) for _ in range(20)]
    await settled(asked, 1)
    asked.may_go_on.set()
    assert await asyncio.gather(*waiting) == [4] * 20
    assert asked.calls == 1


async def test_one_who_goes_away_does_not_spoil_it_for_the_others(
    tops: TopUsers, asked: Lists
) -> None:
    asked.may_go_on.clear()
    leaving, staying = (asyncio.create_task(first_of(tops)) for _ in range(2))
    await settled(asked, 1)
    leaving.cancel()
    await asyncio.wait([leaving])
    asked.may_go_on.set()
    assert await staying == 4
    assert asked.calls == 1


async def test_an_error_is_told_and_forgotten(tops: TopUsers, asked: Lists) -> None:
    asked.is_broken = True
    found = await asyncio.gather(*(first_of(tops) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [OSError] * 3
    asked.is_broken = False
    assert await first_of(tops) == 4


async def test_an_old_one_is_shown_while_a_new_one_is_made(
    tops: TopUsers, asked: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await tops.of(SPAN, EVERYBODY)
    monkeypatch.setattr(TopUsers, "FRESH", -1)
    asked.may_go_on.clear()
    assert (await tops.of(SPAN, EVERYBODY)).as_of == old.as_of
    assert (await tops.of(SPAN, EVERYBODY)).as_of == old.as_of
    await settled(asked, 2)
    asked.may_go_on.set()
    async with asyncio.timeout(20):
        while (await tops.of(SPAN, EVERYBODY)).as_of == old.as_of:
            await asyncio.sleep(0.01)


async def test_an_old_one_stays_when_no_new_one_can_be_made(
    tops: TopUsers, asked: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await tops.of(SPAN, EVERYBODY)
    monkeypatch.setattr(TopUsers, "FRESH", -1)
    asked.is_broken = True
    for calls in (2, 3):
        assert (await tops.of(SPAN, EVERYBODY)).as_of == old.as_of
        await settled(asked, calls)


async def test_each_question_has_its_own(tops: TopUsers) -> None:
    assert await first_of(tops) == 4
    assert await first_of(tops, Filters(bot=43)) == 1


async def test_is_not_remembered_without_end(
    tops: TopUsers, asked: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TopUsers, "MAX_REMEMBERED", 2)
    for bot in (42, 43, 44):
        await tops.of(SPAN, Filters(bot=bot))
    await tops.of(SPAN, Filters(bot=44))
    assert asked.calls == 3
    await tops.of(SPAN, Filters(bot=42))
    assert asked.calls == 4
