"""Text that can be stored, and text that can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clip, is_visible, sanitize, utf16_length

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=[]))


class TestSanitize:
    @pytest.mark.parametrize(
        ("text", "clean"),
        [
            ("plain, with\ttab\nand line", "plain, with\ttab\nand line"),
            ("nul \x00 bell \x07", "nul \ufffd bell \ufffd"),
            ("half \ud83d of a pair", "half \ufffd of a pair"),
            ("windows\r\nlines\rmac", "windows\nlines\nmac"),
            ("pair \U0001f600", "pair \U0001f600"),
        ],
    )
    def test_keeps_what_can_be_kept(self, text: str, clean: str) -> None:
        assert sanitize(text) == clean

    @given(ANY_TEXT)
    def test_is_storable_and_stable(self, text: str) -> None:
        clean = sanitize(text)
        clean.encode()
        assert "\x00" not in clean
        assert sanitize(clean) == clean


class TestIsVisible:
    @pytest.mark.parametrize(
        "text", ["", " \n\t", "\u200b", "\ufeff\u2060", "\u2800", "\u3164", "\ufe0f"]
    )
    def test_nothing_to_see(self, text: str) -> None:
        assert not is_visible(text)

    @pytest.mark.parametrize("text", ["a", " . ", "\u200bж", "\U0001f600", "\ufffd"])
    def test_something_to_see(self, text: str) -> None:
        assert is_visible(text)


@given(st.text())
def test_length_is_that_of_utf16(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(), st.integers(min_value=0, max_value=20))
def test_a_clip_is_the_longest_beginning_that_fits(text: str, units: int) -> None:
    clipped = clip(text, units)
    assert text.startswith(clipped)
    assert utf16_length(clipped) <= units
    if clipped != text:
        assert utf16_length(text[: len(clipped) + 1]) > units
