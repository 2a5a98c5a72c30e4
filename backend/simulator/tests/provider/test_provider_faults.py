"""Every kind of fault, as bytes."""

import asyncio
import base64
import json
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from .conftest import Endpoint, Exchange, asked, text_of

TEXT = "one two three four five six"
#: after two chunks of four characters
SAID = "one two "


@pytest.fixture(autouse=True)
async def _reply(endpoint: Endpoint) -> None:
    await endpoint.script("replies", {"default": TEXT})


class TestInsteadOfAReply:
    async def test_a_status_with_the_usual_error(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "status", "status": 402})
        status, reply = await endpoint.ask("Hello")
        assert (status, reply["error"]["code"]) == (402, 402)
        assert reply["error"]["metadata"]["error_type"] == "payment_required"

    async def test_a_status_with_headers_and_an_error_of_ones_own(self, endpoint: Endpoint) -> None:
        error = {"code": "slow_down", "message": "Too many"}
        order = {"kind": "status", "status": 429, "headers": {"Retry-After": "7"}, "body": error}
        await endpoint.script("faults", order)
        exchange = await endpoint.exchange("Hello", stream=True)
        assert exchange.received.startswith(b"HTTP/1.1 429 ")
        assert b"\r\nRetry-After: 7\r\n" in exchange.received
        assert json.loads(exchange.body) == {"error": error}

    async def test_a_status_with_a_raw_body(self, endpoint: Endpoint) -> None:
        order = {"kind": "status", "body": "upstream connect error", "status": 503}
        await endpoint.script("faults", {**order, "headers": {"Content-Type": "text/plain"}})
        received = (await endpoint.exchange("Hello", stream=True)).received
        assert b"\r\nContent-Type: text/plain\r\n" in received
        assert received.endswith(b"\r\n\r\nupstream connect error")

    async def test_the_official_client_waits_as_long_as_it_is_told(
        self, endpoint: Endpoint, client: AsyncOpenAI
    ) -> None:
        order = {"kind": "status", "status": 429, "headers": {"retry-after-ms": "1"}}
        await endpoint.script("faults", order)
        with pytest.raises(openai.RateLimitError) as caught:
            await client.chat.completions.create(**asked("Hello"))
        assert caught.value.response.headers["retry-after-ms"] == "1"
        patient = client.with_options(max_retries=1)
        await endpoint.script("faults", order)
        assert (await patient.chat.completions.create(**asked("Hello"))).choices

    async def test_an_error_with_status_200(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "error_in_200"})
        exchange = await endpoint.exchange("Hello", stream=True)
        assert exchange.received.startswith(b"HTTP/1.1 200 ")
        assert json.loads(exchange.body)["error"]["code"] == 502

    async def test_a_page_of_html(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "html"})
        received = (await endpoint.exchange("Hello", stream=True)).received
        assert received.startswith(b"HTTP/1.1 200 ")
        assert b"Content-Type: text/html" in received
        assert received.endswith(b"</html>")

    async def test_an_empty_body(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "empty_body"})
        received = (await endpoint.exchange("Hello", stream=True)).received
        assert received.startswith(b"HTTP/1.1 200 ")
        assert b"Content-Length: 0\r\n" in received

    async def test_no_answer_at_all(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "hang"})
        async with endpoint.connection("Hello", stream=True) as reader:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await reader.read(1)
        assert (await endpoint.ended_call())["outcome"] == "hang"

    @pytest.mark.parametrize("end", ["fin", "rst", None])
    async def test_raw_bytes(self, endpoint: Endpoint, end: str | None) -> None:
        steps = [
            {"bytes_b64": _base64(b"HTTP/1.1 299 Odd\r\nX-Odd: \xff\r\n"), "sleep_ms": 5},
            {"bytes_b64": _base64(b"\r\n\x00\x01 not HTTP"), "close": end},
        ]
        await endpoint.script("faults", {"kind": "raw", "steps": steps})
        assert await endpoint.exchange("Hello", stream=True) == Exchange(
            received=b"HTTP/1.1 299 Odd\r\nX-Odd: \xff\r\n\r\n\x00\x01 not HTTP", end=end or "fin"
        )
        assert (await endpoint.ended_call())["outcome"] == "raw"


class TestWithinAStream:
    @pytest.mark.parametrize(("kind", "end"), [("cut_rst", "rst"), ("cut_fin", "fin")])
    @pytest.mark.parametrize("stream", [True, False])
    async def test_the_connection_is_cut(
        self, endpoint: Endpoint, kind: str, end: str, *, stream: bool
    ) -> None:
        await endpoint.script("faults", {"kind": kind})
        exchange = await endpoint.exchange("Hello", stream=stream)
        assert exchange.end == end
        assert not exchange.is_complete
        assert exchange.received.startswith(b"HTTP/1.1 200 ")
        if stream:
            assert text_of(exchange.events) == SAID
        call = await endpoint.ended_call()
        assert (call["outcome"], call["fault"]) == (kind, kind)

    async def test_the_official_client_sees_a_broken_connection(
        self, endpoint: Endpoint, client: AsyncOpenAI
    ) -> None:
        await endpoint.script("faults", {"kind": "cut_rst"})
        stream = await client.chat.completions.create(**asked("Hello"), stream=True)
        with pytest.raises(openai.APIConnectionError):
            _ = [chunk async for chunk in stream]

    async def test_an_error_in_the_middle(self, endpoint: Endpoint, client: AsyncOpenAI) -> None:
        await endpoint.script("faults", {"kind": "error_chunk", "times": 2})
        exchange = await endpoint.exchange("Hello", stream=True)
        *chunks, last, done = exchange.events
        assert exchange.is_complete
        assert text_of(chunks) == SAID
        assert last["error"]["code"] == 502
        assert last["choices"][0]["finish_reason"] == "error"
        assert done == "[DONE]"
        stream = await client.chat.completions.create(**asked("Hello"), stream=True)
        with pytest.raises(openai.APIError, match="Provider returned error"):
            _ = [chunk async for chunk in stream]

    async def test_an_error_as_the_first_event(self, endpoint: Endpoint) -> None:
        error = {"code": "server_error", "message": "Overloaded"}
        await endpoint.script("faults", {"kind": "error_chunk", "after_chunks": 0, "body": error})
        chunks = (await endpoint.exchange("Hello", stream=True)).events
        assert text_of(chunks) == ""
        assert chunks[-2]["error"] == error

    async def test_an_end_without_a_reason(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "eof_without_finish"})
        exchange = await endpoint.exchange("Hello", stream=True)
        assert exchange.is_complete
        assert text_of(exchange.events) == SAID
        assert b"[DONE]" not in exchange.received
        assert b'"usage"' not in exchange.received

    @pytest.mark.parametrize("stream", [True, False])
    async def test_silence(self, endpoint: Endpoint, *, stream: bool) -> None:
        await endpoint.script("faults", {"kind": "silence"})
        async with endpoint.connection("Hello", stream=stream) as reader:
            exchange = Exchange(received=await _read_until_silence(reader), end="")
        assert exchange.received.startswith(b"HTTP/1.1 200 ")
        assert not exchange.is_complete
        if stream:
            assert text_of(exchange.events) == SAID
        assert (await endpoint.ended_call())["outcome"] == "silence"

    async def test_a_line_that_is_no_json(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "garbage_json"})
        exchange = await endpoint.exchange("Hello", stream=True)
        lines = exchange.body.splitlines()
        broken = [line for line in lines if line.startswith(b"data: {") and not _is_json(line[6:])]
        assert len(broken) == 1
        assert exchange.is_complete

    @pytest.mark.parametrize("stream", [True, False])
    async def test_bytes_that_are_no_utf8(self, endpoint: Endpoint, *, stream: bool) -> None:
        await endpoint.script("faults", {"kind": "invalid_utf8"})
        exchange = await endpoint.exchange("Hello", stream=stream)
        assert exchange.is_complete
        with pytest.raises(UnicodeDecodeError):
            exchange.received.decode()

    async def test_a_text_shorter_than_the_place_of_the_fault(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "cut_fin", "after_chunks": 1000})
        exchange = await endpoint.exchange("Hello", stream=True)
        assert text_of(exchange.events) == TEXT
        assert not exchange.is_complete

    async def test_a_whole_reply_that_is_no_json(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "garbage_json"})
        exchange = await endpoint.exchange("Hello", stream=False)
        assert exchange.is_complete
        assert not _is_json(exchange.body)


class TestRepliesThatAreNone:
    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            ("empty_text", ""),
            ("whitespace", " \n\t "),
            ("zero_width", "\u200b\u200d\ufeff"),
            ("surrogate_nul", "half \ud83d and \x00 here"),
            ("null_content", None),
        ],
    )
    async def test_texts_that_show_nothing(
        self, endpoint: Endpoint, kind: str, text: str | None
    ) -> None:
        await endpoint.script("faults", {"kind": kind, "times": 2})
        _, reply = await endpoint.ask("Hello")
        assert reply["choices"][0]["message"]["content"] == text
        assert reply["choices"][0]["finish_reason"] == "stop"
        exchange = await endpoint.exchange("Hello", stream=True)
        assert text_of(exchange.events) == (text or "")
        assert exchange.events[-1] == "[DONE]"

    async def test_null_is_said_as_null(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "null_content"})
        _role, content, *_ = (await endpoint.exchange("Hello", stream=True)).events
        assert content["choices"][0]["delta"]["content"] is None

    async def test_no_choices(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "empty_choices", "times": 2})
        _, reply = await endpoint.ask("Hello")
        assert reply["choices"] == []
        *chunks, done = (await endpoint.exchange("Hello", stream=True)).events
        assert [chunk["choices"] for chunk in chunks] == [[], []]
        assert done == "[DONE]"

    async def test_another_reason_to_finish(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "finish_reason", "finish_reason": "length"})
        _, reply = await endpoint.ask("Hello")
        assert reply["choices"][0]["finish_reason"] == "length"
        assert reply["choices"][0]["message"]["content"] == TEXT

    async def test_an_error_in_a_whole_reply(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "error_chunk"})
        status, reply = await endpoint.ask("Hello")
        assert status == 200
        assert reply["choices"][0]["finish_reason"] == "error"
        assert reply["choices"][0]["error"]["code"] == 502
        assert reply["choices"][0]["message"]["content"] == SAID

    async def test_nothing_but_comments(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "comments_only"})
        async with endpoint.connection("Hello", stream=True) as reader, asyncio.timeout(10):
            received = b""
            while received.count(b": OPENROUTER PROCESSING\n\n") < 2:
                received += await reader.read(65536)
        assert b"data:" not in received
        assert (await endpoint.ended_call())["outcome"] == "comments_only"

    async def test_a_pause_before_every_chunk(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "slow", "delay_ms": 5})
        exchange = await endpoint.exchange("Hello", stream=True)
        assert text_of(exchange.events) == TEXT
        call = await endpoint.ended_call()
        assert call["outcome"] == "slow"
        assert call["ended_at"] - call["first_token_at"] >= 5 * (len(TEXT) // 4)


class TestWhichCallsAreStruck:
    async def test_as_many_as_were_ordered(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "status", "times": 2})
        assert await _statuses(endpoint, ["a"] * 4) == [500, 500, 200, 200]

    async def test_all_when_no_number_is_given(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "status", "times": None})
        assert await _statuses(endpoint, ["a"] * 5) == [500] * 5

    async def test_after_some_that_go_well(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "status", "after": 2})
        assert await _statuses(endpoint, ["a"] * 4) == [200, 200, 500, 200]

    async def test_those_that_match(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "status", "match": "bad", "times": None})
        assert await _statuses(endpoint, ["good", "a bad one", "good"]) == [200, 500, 200]

    async def test_those_of_a_model(self, endpoint: Endpoint) -> None:
        await endpoint.script("faults", {"kind": "status", "model": "parley/demo-small"})
        assert (await endpoint.ask("a"))[0] == 200
        assert (await endpoint.ask("a", model="parley/demo-small"))[0] == 500

    async def test_one_fault_after_the_other(self, endpoint: Endpoint) -> None:
        for status in (503, 429):
            await endpoint.script("faults", {"kind": "status", "status": status})
        assert await _statuses(endpoint, ["a"] * 3) == [503, 429, 200]

    async def test_they_are_listed_with_their_hits_and_can_be_cleared(
        self, endpoint: Endpoint
    ) -> None:
        ordered = await endpoint.script("faults", {"kind": "status", "times": 3})
        await endpoint.ask("a")
        _, listed = await endpoint.get("/script/provider/faults")
        assert listed == [{"fault_id": ordered["fault_id"], "kind": "status", "hits": 1}]
        async with endpoint.http.delete(f"{endpoint.url}/script/provider/faults") as response:
            assert response.status == 204
        assert await _statuses(endpoint, ["a"]) == [200]

    @pytest.mark.parametrize(
        "order",
        [{}, {"kind": "nonsense"}, {"kind": "status", "tmes": 1}, {"kind": "raw", "steps": 1}],
    )
    async def test_an_order_that_makes_no_sense_says_so(
        self, endpoint: Endpoint, order: dict[str, Any]
    ) -> None:
        async with endpoint.http.post(
            f"{endpoint.url}/script/provider/faults", json=order
        ) as response:
            assert response.status == 400
            assert "validation error" in (await response.json())["error"]["message"]


async def _statuses(endpoint: Endpoint, questions: list[str]) -> list[int]:
    return [(await endpoint.ask(question))[0] for question in questions]


async def _read_until_silence(reader: asyncio.StreamReader) -> bytes:
    received = b""
    try:
        while True:
            async with asyncio.timeout(0.2):
                received += await reader.read(65536)
    except TimeoutError:
        return received


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
