"""Text that can be stored, and text that can be seen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clip, is_between_characters, is_visible, reach, sanitize, utf16_length

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=[]))

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
SKIN_TONE = "\U0001f44d\U0001f3fd"
FLAG = "\U0001f1f3\U0001f1f1"
SUBDIVISION_FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
ACCENTED = "e\u0301\u0323"
DEVANAGARI = "\u0915\u094d\u0937\u093f"
HANGUL = "\u1112\u1161\u11ab"
WHOLE_CHARACTERS = [FAMILY, SKIN_TONE, FLAG, SUBDIVISION_FLAG, ACCENTED, DEVANAGARI, HANGUL]


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
        assert json.loads(json.dumps(clean).encode()) == clean
        clean.encode()
        assert "\x00" not in clean
        assert sanitize(clean) == clean


class TestIsVisible:
    @pytest.mark.parametrize(
        "text", ["", " \n\t", "\u200b", "\ufeff\u2060", "\u2800", "\u3164", "\ufe0f", "\u0301"]
    )
    def test_nothing_to_see(self, text: str) -> None:
        assert not is_visible(text)

    @pytest.mark.parametrize("text", ["a", " . ", "\u200bж", "\U0001f600", "\ufffd"])
    def test_something_to_see(self, text: str) -> None:
        assert is_visible(text)


class TestClip:
    @given(ANY_TEXT, st.integers(min_value=0, max_value=20))
    def test_is_a_beginning_that_fits(self, text: str, units: int) -> None:
        clipped = clip(text, units)
        assert text.startswith(clipped)
        assert utf16_length(clipped) <= units

    @given(st.text(alphabet="ab \U0001f600"), st.integers(min_value=0, max_value=20))
    def test_of_single_characters_is_the_longest(self, text: str, units: int) -> None:
        clipped = clip(text, units)
        if clipped != text:
            assert utf16_length(text[: len(clipped) + 1]) > units

    @pytest.mark.parametrize("character", WHOLE_CHARACTERS)
    def test_keeps_characters_whole(self, character: str) -> None:
        length = utf16_length(character)
        assert clip(f"x{character}y", 1 + length) == f"x{character}"
        for shorter in range(1, length):
            assert clip(f"x{character}y", 1 + shorter) == "x"

    def test_cuts_a_character_that_never_ends(self) -> None:
        pile = "a" + "\u0301" * 500
        assert clip(pile, 200) == pile[:200]

    def test_starts_anywhere(self) -> None:
        assert reach("one two", 4, 2) == 6
        assert reach("one two", 4, 100) == 7


@pytest.mark.parametrize("character", WHOLE_CHARACTERS)
def test_borders_are_around_characters_alone(character: str) -> None:
    text = character * 2
    borders = {index for index in range(len(text) + 1) if is_between_characters(text, index)}
    assert borders == {0, len(character), len(text)}


@given(ANY_TEXT)
def test_length_is_that_of_utf16(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
