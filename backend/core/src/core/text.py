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
    return len(text) + sum(1 for character in text if ord(character) > _BEYOND_BMP)


def clip(text: str, units: int) -> str:
    """The longest beginning of at most `units` UTF-16 units."""
    left = units
    for index, character in enumerate(text):
        left -= 2 if ord(character) > _BEYOND_BMP else 1
        if left < 0:
            return text[:index]
    return text
