"""Opaque places in a list: where the next page begins, and of which question."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from api import problems
from api.problems import Problem

MAX_LENGTH = 400
DOCUMENTED = problems.documented(
    wrong_cursor_422="The cursor is not one of this list's: take `next` of the page before, with "
    "the same parameters, or begin again without it."
)


def pack(question: Sequence[object], place: Sequence[object]) -> str:
    """A cursor for `place` in the list that answers `question`."""
    body = json.dumps([_digest(question), *map(str, place)], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def unpack(cursor: str, question: Sequence[object], *, parts: int) -> list[str]:
    """The place; raises Problem for what is not a cursor of this list."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        body: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        body = None
    is_ours = isinstance(body, list) and len(body) == parts + 1
    if not is_ours or not all(isinstance(part, str) for part in body):
        raise wrong()
    if body[0] != _digest(question):
        raise wrong()
    return [str(part) for part in body[1:]]


def wrong() -> Problem:
    sentence: str = DOCUMENTED[422]["description"]
    return Problem(422, "wrong_cursor", sentence)


def _digest(question: Sequence[object]) -> str:
    return hashlib.sha256(repr([str(part) for part in question]).encode()).hexdigest()[:12]
