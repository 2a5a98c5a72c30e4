r"""Parses a model's Markdown, with delimiters read as people mean them.

Formulas in \(…\), \[…\] and \begin…\end are wrapped in dollars, which the parser knows, so that
Markdown leaves their backslashes and underscores alone. Delimiters that the parser takes too
seriously are escaped: two prices are no formula, one tilde strikes nothing, __init__ is a name.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyromark
from pyromark.event import Range

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
)
#: enough for every answer seen; what is left after them is shown as it stands
_ROUNDS = 5

_MARKS = re.compile(
    rb"\\\\|\\[()\[\]]|\\(?P<end>begin|end)\{(?P<name>\w+\*?)\}|\$\$?|\n[ \t>]*\n", re.ASCII
)
_FORMULA = re.compile(rb"[\\^_{}=]|^[A-Za-z]'*$")
_IDENTIFIER = re.compile(rb"__[a-z0-9_]+__")


class Token(NamedTuple):
    """An event of the parser."""

    #: its name, that of a tag behind `Start` or `End`: `Text`, `Start Link`, `End Link`
    kind: str
    #: what comes with the name; its type depends on the kind
    data: Any
    #: its range in the source, in bytes
    start: int
    end: int
    #: as the library's walker reads it
    event: Any


class Parsed(NamedTuple):
    source: bytes
    tokens: tuple[Token, ...]


def parse(markdown: str) -> Parsed:
    # The parser takes a task's box for one only if something follows it.
    parsed = _with_formulas(f"{markdown}\n".encode())
    for _ in range(_ROUNDS):
        strays = dict.fromkeys(_stray_delimiters(parsed), b"\\")
        if not strays:
            break
        parsed = _parse(_insert(parsed.source, strays))
    return parsed


def _parse(source: bytes) -> Parsed:
    events = pyromark.events_with_range(source.decode(), options=_OPTIONS)
    return Parsed(source, tuple(_token(event, place) for event, place in events))


def _token(event: Any, place: Range) -> Token:
    kind, data = _named(event)
    if kind in ("Start", "End"):
        name, data = _named(data)
        kind = f"{kind} {name}"
    return Token(kind, data, place["start"], place["end"], (event, place))


def _named(event: Any) -> tuple[str, Any]:
    """The parser writes `"Name"` or `{"Name": data}`."""
    if isinstance(event, str):
        return event, None
    [(name, data)] = event.items()
    return name, data


def _with_formulas(source: bytes) -> Parsed:
    """Wrap formulas, but only where the parser then agrees that they are some."""
    formulas = list(_formulas(source))
    for _ in range(_ROUNDS):
        if not formulas:
            break
        dollars = {
            offset: delimiter for start, end, delimiter in formulas for offset in (start, end)
        }
        parsed = _parse(_insert(source, dollars))
        recognised = _formula_starts(parsed)
        agreed, shift = [], 0
        for start, end, delimiter in formulas:
            if start + shift in recognised:
                agreed.append((start, end, delimiter))
            shift += 2 * len(delimiter)
        if agreed == formulas:
            return parsed
        formulas = agreed
    return _parse(source)


def _formulas(source: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where a formula starts and ends, and the dollars to put on both sides."""
    if b"\\" not in source:
        return
    start, closer, delimiter = 0, b"", b""
    for mark in _MARKS.finditer(source):
        token = mark.group()
        if closer and token == closer:
            if delimiter:
                yield start, mark.end(), delimiter
            closer = b""
        elif token.isspace():
            closer = b""
        elif not closer:
            start = mark.start()
            closer, delimiter = _closer(mark)


def _closer(mark: re.Match[bytes]) -> tuple[bytes, bytes]:
    """What ends the formula that this mark starts, and its dollars; nothing if it starts none."""
    match mark.group():
        case b"\\(":
            return b"\\)", b"$"
        case b"\\[":
            return b"\\]", b"$$"
        case b"$$":
            return b"$$", b""
        case _ if mark["end"] == b"begin":
            return b"\\end{" + mark["name"] + b"}", b"$$"
        case _:
            return b"", b""


def _formula_starts(parsed: Parsed) -> set[int]:
    return {token.start for token in parsed.tokens if token.kind in ("InlineMath", "DisplayMath")}


def _stray_delimiters(parsed: Parsed) -> Iterator[int]:
    """Offsets of the bytes to escape."""
    source = parsed.source
    for kind, _, start, end, _ in parsed.tokens:
        if kind == "Start Strikethrough" and source[start : start + 2] != b"~~":
            yield from (start, end - 1)
        elif kind == "Start Strong" and _IDENTIFIER.fullmatch(source, start, end):
            yield from (start, start + 1, end - 2, end - 1)
        elif kind == "InlineMath" and not _is_formula(source, start, end):
            yield from (start, end - 1)


def _is_formula(source: bytes, start: int, end: int) -> bool:
    looks_like_one = _FORMULA.search(source[start + 1 : end - 1]) is not None
    return looks_like_one and not source[end : end + 1].isdigit()


def _insert(source: bytes, insertions: dict[int, bytes]) -> bytes:
    pieces, last = [], 0
    for offset in sorted(insertions):
        pieces += [source[last:offset], insertions[offset]]
        last = offset
    return b"".join([*pieces, source[last:]])
