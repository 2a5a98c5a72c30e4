"""Formatted text, before it is cut into parts, and Telegram's rules for its formatting."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

#: Telegram formats nothing within these
VERBATIM = ("pre", "code")
#: lines of their own, whose first one keeps its indentation
_BLOCKS = ("blockquote", "pre")
#: of two spans with equal borders the first is the outer one
_OUTER_FIRST = ("blockquote", "text_link", "bold", "italic", "underline", "strikethrough")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Formatting of `text[start:end]`."""

    kind: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A text with its spans: nested properly, outer before inner, in the text's order."""

    text: str
    spans: tuple[Span, ...] = ()


class Misformatted(Exception):
    """Spans overlap in a way that Telegram does not allow."""


def nested(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Order spans and make them follow Telegram's rules.

    No kind lies within itself, nothing within code; no span begins or ends with white space.
    Raises `Misformatted` for overlaps that do not come from these.
    """
    merged = list(_merged(spans))
    verbatim = sorted((s for s in merged if s.kind in VERBATIM), key=lambda span: span.start)
    pieces = (piece for span in merged for piece in _around(span, verbatim))
    ordered = sorted(filter(None, (trimmed(text, piece) for piece in pieces)), key=_order)
    _check(ordered)
    return tuple(ordered)


def trimmed(text: str, span: Span) -> Span | None:
    """The span without white space at its ends; none if nothing else is in it."""
    content = text[span.start : span.end]
    end = span.start + len(content.rstrip())
    start = span.end - len(content.lstrip("\n" if span.kind in _BLOCKS else None))
    if (start, end) == (span.start, span.end):
        return span
    return replace(span, start=start, end=end) if start < end else None


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Join spans of the same kind that overlap or touch."""
    by_format = sorted(spans, key=lambda s: (s.kind, s.url or "", s.language or "", s.start))
    for _, group in groupby(by_format, key=lambda s: (s.kind, s.url, s.language)):
        joined, *others = group
        for span in others:
            if span.start > joined.end:
                yield joined
                joined = span
            elif span.end > joined.end:
                joined = replace(joined, end=span.end)
        yield joined


def _around(span: Span, verbatim: Sequence[Span]) -> Iterator[Span]:
    """The pieces of a style between blocks and pieces of code; anything else as it is."""
    if span.kind in (*VERBATIM, "blockquote", "text_link"):
        yield span
        return
    start = span.start
    for code in verbatim[bisect_right(verbatim, start, key=lambda code: code.end) :]:
        if code.start >= span.end:
            break
        if start < code.start:
            yield replace(span, start=start, end=code.start)
        start = code.end
    if start < span.end:
        yield replace(span, start=start)


def _order(span: Span) -> tuple[int, int, int]:
    rank = _OUTER_FIRST.index(span.kind) if span.kind in _OUTER_FIRST else len(_OUTER_FIRST)
    return span.start, -span.end, rank


def _check(ordered: Iterable[Span]) -> None:
    open_spans: list[Span] = []
    for span in ordered:
        while open_spans and open_spans[-1].end <= span.start:
            open_spans.pop()
        if open_spans and (open_spans[-1].end < span.end or open_spans[-1].kind in VERBATIM):
            raise Misformatted
        open_spans.append(span)
