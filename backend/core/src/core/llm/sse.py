"""The bytes of a reply as decoded chunks. Pure.

A reply is a stream of server-sent events or, from a provider that does not stream, one JSON
document: both are told by what they look like, not by the content type they claim.
"""

import json
from collections.abc import Iterator
from enum import Enum, auto

import orjson

from core.llm.errors import Garbage

#: a line, or a document, beyond this is nothing a provider means
MAX_BYTES = 1024 * 1024
_FIELDS = frozenset({b"event", b"id", b"retry"})


class Sign(Enum):
    """What a stream says beside its chunks."""

    ALIVE = auto()


class Decoder:
    """Takes bytes as they come off the wire, cut anywhere.

    Each `data` line is one chunk, as every provider sends it.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._document: list[bytes] = []
        self._document_size = 0
        self._has_events = False
        #: the end mark has been read; what follows means nothing
        self.is_done = False

    def feed(self, part: bytes) -> Iterator[object]:
        """The chunks that are complete now; raises Garbage for what cannot be decoded."""
        *lines, self._rest = (self._rest + part.replace(b"\r", b"\n")).split(b"\n")
        for line in lines:
            if self.is_done:
                return
            if line:
                yield from self._read(line)
        if len(self._rest) > MAX_BYTES:
            raise Garbage(provider_code="endless_line")

    def end(self) -> Iterator[object]:
        """The chunks that no line end has completed."""
        yield from self.feed(b"\n")
        if self._document and not self._has_events:
            yield _decode(b"\n".join(self._document))

    def _read(self, line: bytes) -> Iterator[object]:
        field, _, value = line.partition(b":")
        if field == b"data":
            self._has_events = True
            if value := value.strip():
                self.is_done = value == b"[DONE]"
                if not self.is_done:
                    yield _decode(value)
        elif not field:
            yield Sign.ALIVE
        elif field not in _FIELDS:
            self._keep(line)

    def _keep(self, line: bytes) -> None:
        self._document_size += len(line)
        if self._document_size > MAX_BYTES:
            raise Garbage(provider_code="endless_document")
        self._document.append(line)


def _decode(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _decode_leniently(data)


def _decode_leniently(data: bytes) -> object:
    """Half a surrogate pair as an escape, or NaN, which orjson refuses."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Garbage(provider_code="not_json") from None
