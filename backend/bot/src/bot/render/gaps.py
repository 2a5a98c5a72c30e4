"""Finds the words that the parser reads and keeps to itself.

It has no event for reference definitions (`[label]: address "title"`), nor for the cells of a row
that is longer than its table's head. Both show as gaps between the ranges of its events.
"""

import re
from collections.abc import Iterator

from bot.render.source import Parsed, Token

#: ranges that span what lies between their parts
_CONTAINERS = frozenset(
    f"Start {name}"
    for name in (
        "BlockQuote",
        "List",
        "Item",
        "FootnoteDefinition",
        "Table",
        "TableHead",
        "TableRow",
    )
)
_DEFINITION = re.compile(r"\[(?!\^)(?:[^\]\\]|\\.)+\]:.*", re.DOTALL)
_LINE_PREFIX = re.compile(r"\n[ \t>]+")


def restore(parsed: Parsed) -> Iterator[Token]:
    """The parser's tokens, with paragraphs and cells for what it left out."""
    covered = 0
    for token in parsed.tokens:
        is_end = token.kind.startswith("End ")
        gap = parsed.source[covered : token.end if is_end else token.start].decode()
        if token.kind == "End TableRow":
            yield from _cells(gap)
        elif "]:" in gap:
            yield from _definitions(gap)
        yield token
        covered = max(covered, token.start if token.kind in _CONTAINERS else token.end)
    yield from _definitions(parsed.source[covered:].decode())


def _cells(gap: str) -> Iterator[Token]:
    for cell in gap.split("|"):
        if cell.strip():
            yield from _wrapped("TableCell", cell.strip())


def _definitions(gap: str) -> Iterator[Token]:
    if match := _DEFINITION.search(gap):
        yield from _wrapped("Paragraph", _LINE_PREFIX.sub("\n", match.group()).strip())


def _wrapped(tag: str, text: str) -> Iterator[Token]:
    for kind, data in ((f"Start {tag}", None), ("Text", text), (f"End {tag}", None)):
        name, _, of_tag = kind.partition(" ")
        yield Token(kind, data, 0, 0, {name: of_tag or text})
