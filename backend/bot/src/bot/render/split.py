"""Cuts formatted text into parts that Telegram takes, where a reader would cut it."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.render.part import MAX_ENTITIES, MAX_ENTITY_BYTES, MAX_UNITS, Entity, Part
from bot.render.spans import Formatted, Span, trimmed
from core.text import is_between_characters, is_visible, reach, utf16_length

#: where to cut, the best first; the cut lies behind the match
_BLOCK = re.compile(r"\n\s*\n(?=\S)")
_UNINDENTED_LINE = re.compile(r"\n+(?=\S)")
_LINE = re.compile(r"\n+")
_SENTENCE = re.compile(r"[.!?…][\"'»”’)\]]*\s+|[。！？।؟][\"'»”’」』）]*\s*")
_WORD = re.compile(r"\s+")
_NOT_SPACE = re.compile(r"\S")
#: a part is at least half full unless only a word's border can be found
_BORDERS = (_UNINDENTED_LINE, _LINE, _SENTENCE)


def split(formatted: Formatted, *, plain: bool = False) -> tuple[Part, ...]:
    """All visible text in parts within Telegram's limits; none if nothing is visible."""
    parts = (_part(formatted.text, *piece, plain=plain) for piece in _pieces(formatted))
    return tuple(part for part in parts if is_visible(part.text))


def tail(formatted: Formatted) -> Part:
    """The end of the text as one part; with no text if nothing is visible."""
    text = formatted.text
    start = _skip_space(text, _tail_start(text))
    spans = [span for span in formatted.spans if span.end > start][-MAX_ENTITIES:]
    while sum(map(_size, spans)) > MAX_ENTITY_BYTES:
        del spans[0]
    part = _part(text, start, len(text), spans, plain=False)
    return part if is_visible(part.text) else Part(text="")


def _pieces(formatted: Formatted) -> Iterator[tuple[int, int, Sequence[Span]]]:
    """Where each part starts and ends, and the spans within."""
    text, spans = formatted.text, formatted.spans
    start, following, carried = _skip_space(text, 0), 0, list[Span]()
    while start < len(text):
        limit = reach(text, start, MAX_UNITS)
        candidates = [span for span in carried if span.end > start]
        while following < len(spans) and spans[following].start < limit:
            candidates.append(spans[following])
            following += 1
        limit = min(limit, _formatting_limit(candidates, start, limit))
        end = limit if limit == len(text) else _cut(text, start, limit, candidates)
        yield start, end, [s for s in candidates if s.start < end and s.end > start]
        carried = [span for span in candidates if span.end > end]
        start = _skip_space(text, end)


def _tail_start(text: str) -> int:
    start = max(0, len(text) - MAX_UNITS)
    while utf16_length(text[start:]) > MAX_UNITS:
        start += (utf16_length(text[start:]) - MAX_UNITS + 1) // 2
    if start == 0:
        return 0
    line = text.find("\n", start, start + MAX_UNITS // 2)
    if line >= 0:
        return line
    return next((i for i in range(start, len(text)) if is_between_characters(text, i)), start)


def _skip_space(text: str, start: int) -> int:
    """Past white space; Telegram cuts it off a message's ends."""
    found = _NOT_SPACE.search(text, start)
    return found.start() if found else len(text)


def _formatting_limit(spans: Iterable[Span], start: int, limit: int) -> int:
    """Where a part must end at the latest so that its spans fit."""
    size = 0
    for number, span in enumerate(spans):
        size += _size(span)
        if number >= MAX_ENTITIES or size > MAX_ENTITY_BYTES:
            return max(span.start, start + 1)
    return limit


def _size(span: Span) -> int:
    """An upper bound of the bytes of the entity's JSON and the comma behind it."""
    entity = _entity(span, offset=MAX_UNITS, length=MAX_UNITS)
    return len(json.dumps(entity.to_json())) + 2


def _cut(text: str, start: int, limit: int, spans: Sequence[Span]) -> int:
    half = start + (limit - start) // 2
    blocks = [
        border
        for border in _borders(_BLOCK, text, half, limit)
        if not any(span.start < border < span.end and span.kind == "pre" for span in spans)
    ]
    if blocks:
        return blocks[-1]
    for pattern, earliest in (*((border, half) for border in _BORDERS), (_WORD, start + 1)):
        if borders := _borders(pattern, text, earliest, limit):
            return borders[-1]
    return reach(text, start, utf16_length(text[start:limit]))


def _borders(pattern: re.Pattern[str], text: str, start: int, limit: int) -> list[int]:
    """Ends of the matches; a look at the character behind the limit is allowed."""
    ends = (match.end() for match in pattern.finditer(text, start, limit + 1))
    return [end for end in ends if end <= limit]


def _part(text: str, start: int, end: int, spans: Iterable[Span], *, plain: bool) -> Part:
    content = text[start:end].rstrip()
    end = start + len(content)
    clipped = (
        replace(span, start=max(span.start, start), end=min(span.end, end))
        for span in spans
        if span.start < end
    )
    offsets = _offsets(content)
    entities = tuple(
        _entity(
            span,
            offset=offsets[span.start - start],
            length=offsets[span.end - start] - offsets[span.start - start],
        )
        for span in filter(None, (trimmed(text, piece) for piece in clipped))
    )
    return Part(text=content, entities=entities, plain=plain)


def _entity(span: Span, *, offset: int, length: int) -> Entity:
    return Entity(
        type=span.kind, offset=offset, length=length, url=span.url, language=span.language
    )


def _offsets(text: str) -> Sequence[int]:
    """The UTF-16 offset of each character, the text's end included."""
    if utf16_length(text) == len(text):
        return range(len(text) + 1)
    return [0, *accumulate(map(utf16_length, text))]
