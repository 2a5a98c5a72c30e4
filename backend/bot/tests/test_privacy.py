"""What is said about people's data, and what its buttons carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.privacy import Sure, _digest
from bot.privacy_texts import ENGLISH, RUSSIAN, Facts, PrivacyTexts
from bot.render import plain

#: of ids and moments of Telegram
IDS = st.integers(1, 2**52)
MOMENTS = st.integers(0, 2**42 - 1)


@given(user_id=IDS, asked=MOMENTS, is_sure=st.booleans())
def test_a_button_fits_and_comes_back_as_it_was(*, user_id: int, asked: int, is_sure: bool) -> None:
    sure = Sure(who=_digest(user_id, asked), asked=asked, is_sure=is_sure)
    packed = sure.pack()
    assert len(packed.encode()) <= 64
    assert Sure.unpack(packed) == sure


@given(one=IDS, other=IDS, asked=MOMENTS)
def test_it_is_one_persons(one: int, other: int, asked: int) -> None:
    assert (_digest(one, asked) == _digest(other, asked)) == (one == other)


@pytest.mark.parametrize("data", ["erase:x:99999999999999999999:1", "erase:x:-1:1", "erase:x:y:z"])
def test_moments_that_are_none_are_refused(data: str) -> None:
    with pytest.raises((ValidationError, ValueError)):
        Sure.unpack(data)


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN])
def test_everything_fits_into_a_message_and_what_a_press_shows(texts: PrivacyTexts) -> None:
    facts = Facts(
        provider="a-rather-long-name.of-a-provider.example.org",
        history=1000,
        raw_updates_days=3650,
        audit_log_days=3650,
    )
    assert len(plain(texts.privacy(facts))) == 1
    assert len(texts.export_caption) <= 1024
    for shown in (texts.not_yours, texts.export_in_private, texts.not_erased, texts.export_begun):
        assert len(shown) <= 200


@pytest.mark.parametrize(
    ("days", "minutes", "english", "within", "after"),
    [
        (1, 1, "1 day.", "1 дня", "1 минуту"),
        (2, 3, "2 days.", "2 дней", "3 минуты"),
        (7, 11, "7 days.", "7 дней", "11 минут"),
        (21, 21, "21 days.", "21 дня", "21 минуту"),
        (112, 12, "112 days.", "112 дней", "12 минут"),
    ],
)
def test_numbers_are_counted_as_the_language_counts(
    days: int, minutes: int, english: str, within: str, after: str
) -> None:
    facts = Facts(provider="p", history=1, raw_updates_days=days, audit_log_days=days)
    assert f"for {english}" in ENGLISH.privacy(facts)
    assert f"в течение {within}" in RUSSIAN.privacy(facts)
    assert f"через {after}" in RUSSIAN.export_later(minutes)
