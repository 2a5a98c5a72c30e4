"""Text as people, JSON and PostgreSQL can all hold it. Pure."""

import re
import unicodedata

#: C0 controls but tab and line feed, DEL, and halves of surrogate pairs
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
#: letters and symbols by their category that show nothing all the same
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: marks alone (combining, variation selectors), separators, control and format characters
_INVISIBLE_CATEGORIES = ("M", "Z", "C")
_BEYOND_BMP = 0xFFFF

#: what belongs to the character before it, besides combining marks: joiners, skin tones, tags
_EXTENDS = re.compile("[\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_JOINER = "\u200d"
_VIRAMA_CLASS = 9
_FLAG_ALPHABET = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JAMO = re.compile(
    "[\u1100-\u115f][\u1100-\u11a7\uac00-\ud7a3]|[\u1160-\u11ff\uac00-\ud7a3][\u1160-\u11ff]"
)
#: a pile of marks higher than this is cut like any other text
_LONGEST_CHARACTER = 64


def sanitize(text: str) -> str:
    """Replace what cannot be stored or shown by U+FFFD; carriage returns become line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub("\ufffd", text)


def is_visible(text: str) -> bool:
    """Whether a person can see at least one character of it."""
    return any(
        character not in _BLANK and unicodedata.category(character)[0] not in _INVISIBLE_CATEGORIES
        for character in text
    )


def utf16_length(text: str) -> int:
    """The length as Telegram counts it."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, units: int) -> str:
    """The longest beginning of at most `units` UTF-16 units that ends with a whole character."""
    return text[: reach(text, 0, units)]


def reach(text: str, start: int, units: int) -> int:
    """Where the longest piece from `start` ends that has at most `units` UTF-16 units.

    The piece ends with a whole character as people see it, unless its only character is longer.
    """
    stop = min(len(text), start + units)
    excess = utf16_length(text[start:stop]) - units
    while excess > 0:
        stop -= 1
        excess -= 2 if ord(text[stop]) > _BEYOND_BMP else 1
    candidates = range(stop, max(start, stop - _LONGEST_CHARACTER), -1)
    return next((index for index in candidates if is_between_characters(text, index)), stop)


def is_between_characters(text: str, index: int) -> bool:
    """Whether text may be cut here without cutting a character as people see it.

    Follows the rules for grapheme clusters but for prepended marks, which few scripts have.
    """
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if before.isascii() and after.isascii():
        return (before, after) != ("\r", "\n")
    if before.isspace():
        return True
    if unicodedata.category(after)[0] == "M" or _EXTENDS.match(after) or before == _JOINER:
        return False
    if unicodedata.combining(before) == _VIRAMA_CLASS and after.isalpha():
        return False
    return not (_JAMO.match(before + after) or _is_inside_flag(text, index))


def _is_inside_flag(text: str, index: int) -> bool:
    """Flags are pairs of letters of their own alphabet."""
    if text[index] not in _FLAG_ALPHABET:
        return False
    letters = index - len(text[:index].rstrip(_FLAG_ALPHABET))
    return letters % 2 == 1
