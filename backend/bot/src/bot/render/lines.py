"""Gives each block within a list item a line of its own.

The library's walker separates blocks outside of lists; inside an item it would write a block of
code behind the last word before it, and the next sentence behind the code.
"""

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Any

_BLOCKS = frozenset(("Paragraph", "Heading", "CodeBlock", "BlockQuote", "Rule"))


class _Line(Enum):
    """Where the last event has left the line."""

    NEW = auto()
    WORDS = auto()
    BLOCK_ENDED = auto()


def on_own_lines(events: Iterable[Any]) -> Iterator[Any]:
    depth, line = 0, _Line.NEW
    for event in events:
        kind, tag = _kind_and_tag(event)
        if tag == "List":
            depth += 1 if kind == "Start" else -1
        if depth and _needs_break(line, kind, tag):
            yield "SoftBreak"
        line = _after(line, kind, tag)
        yield event


def _needs_break(line: _Line, kind: str, tag: str) -> bool:
    if kind == "End" or tag in ("List", "Item"):
        return False
    if tag in _BLOCKS and tag != "Paragraph":
        return line is _Line.WORDS
    return line is _Line.BLOCK_ENDED or (tag == "Paragraph" and line is _Line.WORDS)


def _after(line: _Line, kind: str, tag: str) -> _Line:
    if kind == "End" and tag in ("Heading", "CodeBlock"):
        return _Line.BLOCK_ENDED
    if tag == "Rule":
        return _Line.BLOCK_ENDED
    if tag in _BLOCKS or tag in ("List", "Item"):
        return _Line.NEW
    return _Line.WORDS if kind != "End" else line


def _kind_and_tag(event: Any) -> tuple[str, str]:
    """`Start` or `End` with the tag's name; anything else with its own."""
    payload = event[0] if isinstance(event, tuple) else event
    match payload:
        case {"Start": tag} | {"End": tag}:
            [kind] = payload
            return kind, tag if isinstance(tag, str) else next(iter(tag))
        case str(name):
            return "", name
        case _:
            return "", next(iter(payload))
