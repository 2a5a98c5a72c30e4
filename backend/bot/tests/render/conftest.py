"""A judge of parts that knows Telegram's rules and nothing of how the parts were made."""

import json
import re
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import pytest

from bot.render import Part

Judge = Callable[[Iterable[Part]], None]

STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
QUOTES = {"blockquote"}
CODE = {"pre", "code"}
ABSOLUTE_URL = re.compile(r"(?i)https?://[^\s/?#@]+\.[^\s/?#@]+\S*|mailto:\S+@\S+\.\S+|tg://\w+\S*")
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\ufeff\u2800\u3164\u115f\u1160\uffa0]*")


@pytest.fixture(scope="session")
def judge() -> Judge:
    return _judge


def _judge(parts: Iterable[Part]) -> None:
    """Fail if Telegram refused one of the messages, changed it or ignored its formatting."""
    for part in parts:
        units = part.text.encode("utf-16-le")
        assert len(units) // 2 <= 4096
        assert part.text == part.text.strip()
        assert not INVISIBLE.fullmatch(part.text)
        entities = [entity.to_json() for entity in part.entities]
        assert len(entities) <= 100
        assert len(json.dumps(entities)) <= 9_500
        for entity in entities:
            _judge_entity(entity, units)
        for one, other in combinations(entities, 2):
            _judge_pair(one, other)


def _judge_entity(entity: dict[str, Any], units: bytes) -> None:
    assert entity["type"] in STYLES | QUOTES | CODE | {"text_link"}
    start, end = _range(entity)
    assert 0 <= start < end <= len(units) // 2
    for offset in (start, end):
        units[: 2 * offset].decode("utf-16-le")
    covered = units[2 * start : 2 * end].decode("utf-16-le")
    assert covered == covered.rstrip()
    if entity["type"] not in CODE | QUOTES:
        assert covered == covered.lstrip()
    assert ("url" in entity) == (entity["type"] == "text_link")
    assert "url" not in entity or ABSOLUTE_URL.fullmatch(entity["url"])
    assert "language" not in entity or entity["type"] == "pre"


def _judge_pair(one: dict[str, Any], other: dict[str, Any]) -> None:
    (start, end), (other_start, other_end) = _range(one), _range(other)
    if end <= other_start or other_end <= start:
        return
    assert (start <= other_start and other_end <= end) or (
        other_start <= start and end <= other_end
    )
    kinds = {one["type"], other["type"]}
    assert len(kinds) == 2, "no kind lies within itself"
    if kinds & CODE:
        assert kinds & QUOTES, "nothing but a quote lies around code"
    if kinds & QUOTES:
        quote = one if one["type"] in QUOTES else other
        assert _range(quote) == (min(start, other_start), max(end, other_end))


def _range(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
