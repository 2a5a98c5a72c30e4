"""How many calls the bot makes: never more than its share, and what shows progress least."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    GetUpdates,
    Response,
    SendMessage,
    TelegramMethod,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(
    rate=st.sampled_from([0.5, 1, 3, 7.5, 30, 100]),
    processes=st.integers(1, 6),
    steps=st.lists(
        st.tuples(
            st.floats(0, 0.6), st.sampled_from(["part", "preview", "sign"]), st.integers(0, 110)
        ),
        max_size=60,
    ),
)
def test_it_never_exceeds_its_share(
    rate: float, processes: int, steps: list[tuple[float, str, int]]
) -> None:
    clock = Clock()
    pace = Pace(rate, clock=clock)
    pace.share_with(processes)
    made: list[float] = []
    for passed, what, wanted in steps:
        clock.now += passed
        for _ in range(wanted):
            if pace.room() > 0 if what == "part" else pace.spare(is_overdue=what == "sign"):
                pace.count()
                made.append(clock.now)
    share = rate / processes
    for end in made:
        window = max(1.0, 1 / share)
        assert sum(end - window < moment <= end for moment in made) <= max(1, share)


def spend(pace: Pace, calls: int) -> None:
    for _ in range(calls):
        pace.count()


def shown(pace: Pace, *, tries: int, is_overdue: bool = False) -> int:
    """How many of so many previews."""
    count = 0
    for _ in range(tries):
        if pace.spare(is_overdue=is_overdue):
            pace.count()
            count += 1
    return count


def test_parts_go_first() -> None:
    clock = Clock()
    pace = Pace(5, clock=clock)
    assert (shown(pace, tries=5), pace.room()) == (2, 3)
    spend(pace, 3)
    assert (pace.room(), shown(pace, tries=5)) == (0, 0)
    assert 0.9 < pace.pause() <= 1.0
    clock.now += 1.01
    assert pace.room() == 5


def test_a_tenth_is_kept_for_who_saw_nothing_for_long() -> None:
    clock = Clock()
    pace = Pace(30, clock=clock)
    for _ in range(3):
        assert pace.room() == 27
        spend(pace, 27)
        assert pace.room() == 0
        assert shown(pace, tries=9) == 0
        assert shown(pace, tries=9, is_overdue=True) == 3
        assert pace.room() == 0
        clock.now += pace.pause()


def test_what_was_not_kept_in_vain_is_room_for_parts() -> None:
    pace = Pace(20, clock=Clock())
    spend(pace, 17)
    assert shown(pace, tries=1, is_overdue=True) == 1
    assert pace.room() == 1
    spend(pace, 1)
    assert shown(pace, tries=9, is_overdue=True) == 1


def test_calls_that_nobody_asks_for_take_room_from_parts() -> None:
    clock = Clock()
    pace = Pace(5, clock=clock)
    spend(pace, 7)
    assert pace.room() == 0
    clock.now += pace.pause()
    assert pace.room() == 5


def test_the_pause_ends_when_there_is_room() -> None:
    clock = Clock()
    pace = Pace(2, clock=clock)
    spend(pace, 2)
    clock.now += 0.7
    assert 0.29 < pace.pause() < 0.31
    clock.now += pace.pause()
    assert pace.room() == 2


@given(st.floats(0.001, 0.6), st.integers(1, 60))
def test_time_that_passes_meanwhile_does_no_harm(tick: float, calls: int) -> None:
    clock = Clock()

    def ticking() -> float:
        clock.now += tick
        return clock.now

    pace = Pace(5, clock=ticking)
    spend(pace, calls)
    for _ in range(20):
        pace.spare(is_overdue=True)
        assert 0 <= pace.room() <= 5
        assert pace.pause() <= 1.0


def test_it_can_be_off() -> None:
    pace = Pace(0)
    spend(pace, 1000)
    assert pace.room() > 1000
    assert pace.spare(is_overdue=False)
    assert pace.is_off


@pytest.mark.parametrize(
    ("method", "counted"),
    [
        (SendMessage(chat_id=1, text="Hi"), 1),
        (AnswerCallbackQuery(callback_query_id="1"), 1),
        (GetUpdates(), 0),
    ],
)
async def test_every_call_counts_but_the_one_that_waits(
    method: TelegramMethod[Any], counted: int
) -> None:
    pace = Pace(5, clock=Clock())

    async def request(_bot: Bot, _method: TelegramMethod[Any]) -> Response[Any]:
        assert pace.room() == 5 - counted  # while the call is made
        return Response(ok=True)

    await pace(request, Bot("42:token"), method)
