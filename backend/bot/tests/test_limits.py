"""The words about caps."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.limits import ENGLISH, RUSSIAN, duration, told, told_left
from core.chat.caps import Cap, Exceeded, Left

BERLIN = ZoneInfo("Europe/Berlin")


def exceeded(cap: Cap, allowed: int, **left: int) -> Exceeded:
    return Exceeded(
        cap=cap,
        allowed=allowed,
        resets_at=datetime(2026, 11, 22, tzinfo=BERLIN),
        resets_in=timedelta(**left),
    )


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (0, "1 second", "1 секунду"),
        (1.2, "2 seconds", "2 секунды"),
        (21, "21 seconds", "21 секунду"),
        (59, "59 seconds", "59 секунд"),
        (60, "1 minute", "1 минуту"),
        (61, "2 minutes", "2 минуты"),
        (660, "11 minutes", "11 минут"),
        (3_600, "1 hour", "1 час"),
        (3_599, "1 hour", "1 час"),
        (2 * 3_600 + 22 * 60, "2 hours 22 minutes", "2 часа 22 минуты"),
        (24 * 3_600, "24 hours", "24 часа"),
        (11 * 3_600 + 60, "11 hours 1 minute", "11 часов 1 минуту"),
    ],
)
def test_durations_are_words_and_never_too_short(
    seconds: float, english: str, russian: str
) -> None:
    left = timedelta(seconds=seconds)
    assert (duration(left, ENGLISH), duration(left, RUSSIAN)) == (english, russian)


def test_it_says_which_cap_and_when_it_ends() -> None:
    assert told(exceeded(Cap.USER_COST_PER_DAY, 500_000, hours=5, minutes=20), ENGLISH) == (
        "The answer could take you above the limit of $0.50 a day. "
        "The limit starts anew in 5 hours 20 minutes, at 00:00 (Europe/Berlin)."
    )
    assert told(exceeded(Cap.USER_MESSAGES_PER_MINUTE, 5, seconds=40), ENGLISH).endswith(
        "Please ask again in 40 seconds."
    )
    assert "20,000" in told(exceeded(Cap.GLOBAL_TOKENS_PER_DAY, 20_000, hours=1), ENGLISH)


def test_it_says_what_is_left() -> None:
    left = Left(cap=Cap.USER_COST_PER_DAY, allowed=500_000, left=120_000)
    assert told_left(left, ENGLISH) == "Cost: $0.12 of $0.50"
    assert told_left(left, RUSSIAN) == "Стоимость: $0.12 из $0.50"


@pytest.mark.parametrize("cap", Cap)
def test_each_has_words_in_both_languages(cap: Cap) -> None:
    for texts in (ENGLISH, RUSSIAN):
        words = told(exceeded(cap, 3_000_000, hours=5), texts)
        assert "{" not in words
        assert "3" in words
