"""Bytes as chunks, cut anywhere."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.errors import Garbage
from core.llm.sse import MAX_BYTES, Decoder, Sign


def decode(*parts: bytes) -> list[object]:
    decoder = Decoder()
    found = [item for part in parts for item in decoder.feed(part)]
    return found + list(decoder.end())


@pytest.mark.parametrize(
    ("body", "chunks"),
    [
        (b'data: {"a":1}\n\ndata: {"a":2}\n\n', [{"a": 1}, {"a": 2}]),
        (b'data:{"a":1}\r\n\r\ndata:{"a":2}\r\n\r\n', [{"a": 1}, {"a": 2}]),
        (b'data: {"a":1}\r\rdata: {"a":2}\r\r', [{"a": 1}, {"a": 2}]),
        (b'data: {"a":1}\ndata: {"a":2}\n', [{"a": 1}, {"a": 2}]),
        (b'data: {"a":1}', [{"a": 1}]),
        (b'event: message\nid: 7\nretry: 10\ndata: {"a":1}\n\n', [{"a": 1}]),
        (b": OPENROUTER PROCESSING\n\n:\n\ndata: 1\n\n", [Sign.ALIVE, Sign.ALIVE, 1]),
        (b"data:\n\ndata: \n\ndata: 1\n\n", [1]),
        (b'data: 1\n\ndata: [DONE]\n\ndata: {"late":1}\n\n{bad', [1]),
        (b"data: null\n\n", [None]),
        (b'data: "\\ud83d"\n\n', ["\ud83d"]),
        (b'{"choices": []}', [{"choices": []}]),
        (b'{\r\n  "choices": [],\r\n  "a": 1\r\n}\r\n', [{"choices": [], "a": 1}]),
        (b"[1]", [[1]]),
        (b"data: 1\n\nnonsense\n\n", [1]),
        (b"", []),
        (b"\n\n\r\n", []),
    ],
)
def test_what_a_body_holds(body: bytes, chunks: list[object]) -> None:
    assert decode(body) == chunks
    assert decode(*[body[i : i + 1] for i in range(len(body))]) == chunks


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>502 Bad Gateway</body></html>",
        b"data: {half\n\n",
        b'data: {"a": "\xff\xfe"}\n\n',
        b'{"cut": tr',
        b"Internal Server Error",
        b"data: " + b"[" * 100_000 + b"\n",
        b"data: " + b"9" * 5000 + b"1\n",
    ],
)
def test_what_cannot_be_decoded(body: bytes) -> None:
    with pytest.raises(Garbage):
        decode(body)


def test_chunks_before_garbage_are_not_lost() -> None:
    items = Decoder().feed(b"data: 1\n\ndata: {half\n\n")
    assert next(items) == 1
    with pytest.raises(Garbage):
        next(items)


@pytest.mark.parametrize(
    ("part", "code"),
    [(b"x" * 1000, "endless_line"), (b"x" * 1000 + b"\n", "endless_document")],
)
def test_memory_is_bounded(part: bytes, code: str) -> None:
    with pytest.raises(Garbage) as caught:
        decode(*[part] * (MAX_BYTES // 1000 + 1))
    assert caught.value.provider_code == code


def test_the_end_mark_is_noticed() -> None:
    decoder = Decoder()
    list(decoder.feed(b"data: [DO"))
    assert not decoder.is_done
    list(decoder.feed(b"NE]\n"))
    assert decoder.is_done


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=6), st.data())
def test_cuts_change_nothing(values: list[object], data: st.DataObject) -> None:
    body = b"".join(b"data: " + json.dumps(value).encode() + b"\r\n\r\n" for value in values)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    parts = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert decode(*parts) == values


fragments = st.sampled_from([b"data: ", b"{", b"}", b"1", b"\r", b"\n", b":", b"[DONE]", b"\xff"])


@given(st.lists(st.binary(max_size=20) | fragments, max_size=20))
def test_any_bytes_are_chunks_or_garbage(parts: list[bytes]) -> None:
    def outcome(*parts: bytes) -> list[object] | None:
        try:
            return decode(*parts)
        except Garbage:
            return None

    assert outcome(*parts) == outcome(b"".join(parts))
