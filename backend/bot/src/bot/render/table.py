"""A table as lines of equal columns, for a fixed-width font."""

import unicodedata
from collections.abc import Sequence

#: a cell wider than this does not widen its column
_WIDEST = 32


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """Lay the rows out; the first is the head."""
    columns = max((len(row) for row in rows), default=0)
    cells = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [
        min(_WIDEST, max(display_width(row[column]) for row in cells)) for column in range(columns)
    ]
    lines = [" | ".join(map(_pad, row, widths)).rstrip() for row in cells]
    rule = "-+-".join("-" * width for width in widths)
    return "\n".join([*lines[:1], rule, *lines[1:]])


def display_width(text: str) -> int:
    """Columns that the text takes in a fixed-width font."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - display_width(cell))
