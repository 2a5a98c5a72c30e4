"""Replies, speed and the journal: what tests order, and what they can learn."""

import asyncio
import hashlib
from typing import Any

import pytest

from simulator.provider.script import Speed

from .conftest import MODEL, Endpoint, asked, text_of

LONG = "word " * 2000
AGES = {"first_token_ms": 3_600_000, "tokens_per_second": 1}


class TestReplies:
    async def test_exactly_these_words(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"replies": [{"exact": " Why? ", "text": "Because."}]})
        assert await _said(endpoint, "Why?", "\nWhy?\n", "Why? Oh why?") == [
            "Because.",
            "Because.",
            None,
        ]

    async def test_a_part_of_the_words(self, endpoint: Endpoint) -> None:
        replies = [{"match": "rain", "text": "Wet."}, {"match": "r", "text": "Arr."}]
        await endpoint.script("replies", {"replies": replies})
        assert await _said(endpoint, "Will it rain?", "No sir", "No") == ["Wet.", "Arr.", None]

    async def test_exact_words_go_before_a_part(self, endpoint: Endpoint) -> None:
        replies = [{"match": "Why", "text": "part"}, {"exact": "Why", "text": "exact"}]
        await endpoint.script("replies", {"replies": replies})
        assert await _said(endpoint, "Why", "Why not") == ["exact", "part"]

    async def test_one_after_the_other(self, endpoint: Endpoint) -> None:
        replies = [{"text": "first"}, {"match": "b", "text": "for b"}, {"text": "second"}]
        await endpoint.script("replies", {"mode": "queue", "replies": replies})
        assert await _said(endpoint, "a", "a", "b", "b") == ["first", "second", "for b", None]

    async def test_a_reply_to_anything_is_used_once(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"replies": [{"text": "once"}], "default": "always"})
        assert await _said(endpoint, "a", "b", "c") == ["once", "always", "always"]

    async def test_for_one_model(self, endpoint: Endpoint) -> None:
        replies = [{"exact": "a", "text": "small", "model": "parley/demo-small"}]
        await endpoint.script("replies", {"replies": replies, "default": "any"})
        assert await _said(endpoint, "a") == ["any"]
        _, reply = await endpoint.ask("a", model="parley/demo-small")
        assert reply["choices"][0]["message"]["content"] == "small"

    async def test_a_model_that_a_script_names_is_on_offer(self, endpoint: Endpoint) -> None:
        replies = [{"match": "", "text": "I am", "model": "acme/one"}]
        await endpoint.script("replies", {"replies": replies})
        status, reply = await endpoint.ask("a", model="acme/one")
        assert (status, reply["model"]) == (200, "acme/one")

    async def test_orders_add_up_and_reset_forgets_them(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": "default"})
        await endpoint.script("replies", {"replies": [{"exact": "a", "text": "A"}]})
        assert await _said(endpoint, "a", "b") == ["A", "default"]
        await endpoint.script("reset")
        await endpoint.script("speed", {"first_token_ms": 0, "tokens_per_second": 0})
        _, reply = await endpoint.ask("a")
        assert reply["choices"][0]["message"]["content"] not in {"A", "default"}
        assert [call["n"] for call in await endpoint.calls()] == [1]

    async def test_thousands_at_once(self, endpoint: Endpoint) -> None:
        replies = [{"exact": f"question {n}", "text": f"{n} " * 200} for n in range(9000)]
        await endpoint.script("replies", {"replies": replies})
        assert await _said(endpoint, "question 0", "question 8999") == ["0 " * 200, "8999 " * 200]


class TestSpeed:
    def test_it_is_in_tokens_of_four_characters(self) -> None:
        # 12 characters are 3 tokens, of which there are 60 a second
        assert Speed(tokens_per_second=60, chunk_chars=12).chunk_seconds == pytest.approx(0.05)
        assert Speed(tokens_per_second=0).chunk_seconds == 0

    async def test_chunks_are_as_long_as_ordered(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": "123456789"})
        await endpoint.script(
            "speed", {"first_token_ms": 0, "tokens_per_second": 0, "chunk_chars": 4}
        )
        exchange = await endpoint.exchange("a", stream=True)
        chunks = [chunk for chunk in exchange.events if chunk != "[DONE]"]
        texts = [choice["delta"]["content"] for chunk in chunks for choice in chunk["choices"]]
        assert texts == ["", "1234", "5678", "9", ""]

    @pytest.mark.parametrize("stream", [True, False])
    async def test_a_reply_takes_its_time(self, endpoint: Endpoint, *, stream: bool) -> None:
        await endpoint.script("replies", {"default": "x" * 40})
        # 10 tokens at 200 a second: 50 ms; the last of 10 chunks begins 5 ms before the end
        speed = {"first_token_ms": 20, "tokens_per_second": 200, "chunk_chars": 4}
        await endpoint.script("speed", speed)
        await endpoint.exchange("a", stream=stream)
        call = await endpoint.ended_call()
        assert call["first_token_at"] - call["at"] >= 20
        assert call["ended_at"] - call["at"] >= 65

    async def test_text_leaves_before_the_whole_is_there(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": LONG})
        await endpoint.script("speed", {"first_token_ms": 0, "tokens_per_second": 1})
        async with endpoint.connection("a", stream=True) as reader, asyncio.timeout(10):
            assert b'"content":"word' in await reader.readuntil(b'"content":"word')


class TestCancellation:
    async def test_a_client_who_leaves_pays_for_what_was_said(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": LONG})
        speed = {"first_token_ms": 0, "tokens_per_second": 100, "chunk_chars": 4}
        await endpoint.script("speed", speed)
        async with endpoint.connection("a", stream=True) as reader, asyncio.timeout(10):
            for _ in range(4):
                await reader.readuntil(b"\n\n")
        call = await endpoint.ended_call()
        assert call["outcome"] == "cancelled"
        assert 2 <= call["completion_tokens"] < len(LONG) // 4
        assert call["cost"] == pytest.approx((1 * 2 + call["completion_tokens"] * 8) / 1e6)
        _, found = await endpoint.get(f"/api/v1/generation?id={call['generation_id']}")
        assert found["data"]["cancelled"] is True
        assert found["data"]["tokens_completion"] == call["completion_tokens"]

    async def test_a_fast_stream_stops_too(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": "x" * 4_000_000})
        body = {**asked("a"), "max_tokens": 10_000_000}
        await endpoint.script("speed", {"first_token_ms": 0, "tokens_per_second": 0})
        async with endpoint.http.post(
            f"{endpoint.url}/api/v1/chat/completions",
            json={**body, "stream": True},
            headers={"Authorization": "Bearer simulator-key"},
        ) as response:
            await response.content.readany()
            response.close()
        call = await endpoint.ended_call()
        assert call["outcome"] == "cancelled"
        assert 0 < call["completion_tokens"] < 1_000_000

    async def test_a_client_who_leaves_before_the_first_token_pays_nothing(
        self, endpoint: Endpoint
    ) -> None:
        await endpoint.script("speed", AGES)
        async with endpoint.connection("a", stream=True) as reader:
            await reader.readuntil(b": OPENROUTER PROCESSING\n\n")
        call = await endpoint.ended_call()
        assert (call["outcome"], call["completion_tokens"], call["cost"]) == ("cancelled", 0, 0)

    async def test_a_reply_that_is_not_streamed_is_paid_in_full(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": "x" * 400})
        await endpoint.script("speed", AGES)
        async with endpoint.connection("a", stream=False):
            await _until_called(endpoint)
        call = await endpoint.ended_call()
        assert (call["outcome"], call["completion_tokens"]) == ("cancelled", 100)


class TestJournal:
    async def test_a_call_that_was_answered(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": "x" * 8})
        _, reply = await endpoint.ask("Hello")
        (call,) = await endpoint.calls()
        assert call["ended_at"] >= call["first_token_at"] >= call["at"]
        assert call["n"] == 1
        assert call["model"] == MODEL
        assert call["stream"] is False
        assert call["question_hash"] == hashlib.sha256(b"Hello").hexdigest()
        assert call["question_length"] == 5
        assert call["message_count"] == 1
        assert (call["outcome"], call["fault"]) == ("answered", None)
        assert call["generation_id"] == reply["id"]
        assert (call["prompt_tokens"], call["completion_tokens"]) == (2, 2)
        assert call["cost"] == reply["usage"]["cost"]

    async def test_since_a_call(self, endpoint: Endpoint) -> None:
        for question in "abc":
            await endpoint.ask(question)
        assert [call["n"] for call in await endpoint.calls("since=1")] == [2, 3]
        assert [call["n"] for call in await endpoint.calls("since=2&full=1")] == [3]

    async def test_the_messages_that_were_sent(self, endpoint: Endpoint) -> None:
        messages = [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "I am Ann."},
            {"role": "assistant", "content": "Hello, Ann."},
            {"role": "user", "content": "Who am I?"},
        ]
        await endpoint.post({"model": MODEL, "messages": messages})
        (call,) = await endpoint.calls("full=1")
        assert call["messages"] == messages
        assert call["message_count"] == 4
        assert call["question_length"] == len("Who am I?")

    async def test_only_the_last_messages_are_kept(self, endpoint: Endpoint) -> None:
        for number in range(203):
            await endpoint.ask(str(number))
        full = await endpoint.calls("full=1")
        assert [call["n"] for call in full] == list(range(4, 204))
        assert len(await endpoint.calls()) == 203


async def _said(endpoint: Endpoint, *questions: str) -> list[str | None]:
    """What is said to each question; None for the demo's own words."""
    said: list[str | None] = []
    for question in questions:
        exchange = await endpoint.exchange(question, stream=True)
        text = text_of(exchange.events)
        is_own = len(text) > 30 and question in text
        said.append(None if is_own else text)
    return said


async def _until_called(endpoint: Endpoint) -> list[dict[str, Any]]:
    async with asyncio.timeout(10):
        while not (calls := await endpoint.calls()):
            await asyncio.sleep(0.01)
        return calls
