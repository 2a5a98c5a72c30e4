"""One update in, one answer out: what a person sees and what the tables then hold."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from .conftest import Person, Stack, call, order_speed, until

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[Any]]]


@pytest.fixture(autouse=True, scope="module")
def running(stack: Stack) -> None:
    stack.start_bot()


async def reply_with(http: aiohttp.ClientSession, question: str, answer: str) -> None:
    order = {"replies": [{"exact": question, "text": answer}]}
    await call(http, "/script/provider/replies", order)


async def test_a_question_is_answered_and_every_row_is_final(
    join: Join, http: aiohttp.ClientSession, query: Query
) -> None:
    await reply_with(http, "How are you?", "I am **well**, thank you.")
    ann = await join()
    await ann.write("How are you?")
    [answer] = await ann.wait_for_answers()
    assert answer == "I am well, thank you."
    [message] = await ann.seen()
    assert message["entities"] == [{"type": "bold", "offset": 5, "length": 4}]

    async def is_final() -> bool:
        return await query("SELECT state FROM turns") == [("answered",)]

    await until(is_final)
    assert await query("SELECT role, content FROM messages ORDER BY created_at") == [
        ("user", "How are you?"),
        ("assistant", "I am **well**, thank you."),
    ]
    assert await query("SELECT outcome, target, cost_source FROM llm_attempts") == [
        ("answered", "parley/demo-large", "usage")
    ]
    assert await query("SELECT state, delivery_unknown FROM outbox") == [("sent", False)]
    assert await query("SELECT DISTINCT state FROM inbox") == [("done",)]
    [(tokens, cost, queue, generation, delivery)] = await query(
        "SELECT completion_tokens, cost_micros, queue_ms, generation_ms, delivery_ms FROM turns"
    )
    assert tokens > 0
    assert cost > 0
    assert min(queue, generation, delivery) >= 0


async def test_the_model_sees_the_conversation_until_a_new_one_begins(
    join: Join, http: aiohttp.ClientSession
) -> None:
    ann = await join()
    await ann.write("My cat is called Murka")
    await ann.wait_for_answers(1)
    await ann.write("What is she called?")
    await ann.wait_for_answers(2)
    await ann.write("/new")
    await ann.wait_for_answers(3)
    await ann.write("And now?")
    await ann.wait_for_answers(4)
    calls = await call(http, "/script/provider/calls?full=1")
    prompts = [
        [message["content"] for message in one["messages"] if message["role"] == "user"]
        for one in calls
    ]
    assert prompts[-2] == ["My cat is called Murka", "What is she called?"]
    assert prompts[-1] == ["And now?"]


async def test_a_long_answer_comes_whole_in_parts(join: Join, http: aiohttp.ClientSession) -> None:
    words = [f"word{number}" for number in range(1800)]
    await reply_with(http, "Tell me all", " ".join(words))
    ann = await join()
    await ann.write("Tell me all")

    async def is_whole() -> bool:
        texts = [message["text"] for message in await ann.seen()]
        return " ".join(texts).split() == words

    await until(is_whole)
    assert len(await ann.seen()) > 3


async def test_an_answer_that_reached_the_limit_says_so(
    join: Join, http: aiohttp.ClientSession
) -> None:
    fault = {"kind": "finish_reason", "finish_reason": "length"}
    await call(http, "/script/provider/faults", fault)
    ann = await join()
    await ann.write("Hello!")
    [answer] = await ann.wait_for_answers()
    assert answer.endswith("Ask me to go on.")


class TestStreaming:
    async def test_the_draft_grows_and_the_message_takes_its_place(
        self, join: Join, http: aiohttp.ClientSession
    ) -> None:
        await order_speed(http, first_token_ms=100, tokens_per_second=60)
        await reply_with(http, "Slowly, please", "One word after the other, slowly. " * 12)
        ann = await join()
        await ann.write("Slowly, please")
        shown: list[str] = []

        async def has_answer() -> bool:
            for draft in await ann.drafts():
                assert draft["can_stop"]
                if draft["text"] and draft["text"] not in shown:
                    shown.append(draft["text"])
            return bool(await ann.seen())

        await until(has_answer)
        [answer] = await ann.wait_for_answers()
        assert len(shown) >= 2
        assert all(answer.startswith(text.rstrip("…")) for text in shown)
        assert await ann.drafts() == []


class TestGroups:
    async def test_it_answers_who_mentions_it_by_editing_one_message(
        self, join: Join, http: aiohttp.ClientSession
    ) -> None:
        await order_speed(http, first_token_ms=700, tokens_per_second=60)
        await reply_with(http, "@parley_bot what is up?", "Not much. " * 30)
        ann, bob = await join(), await join()
        group = await call(
            http, "/people/groups", {"title": "Friends", "user_ids": [ann.id, bob.id]}
        )
        ann.chat_id = group["id"]
        await ann.write("hello everybody")
        asked = await ann.write("@parley_bot what is up?")
        expected = ("Not much. " * 30).strip()

        async def is_complete() -> bool:
            return [message.get("text") for message in await ann.seen()] == [expected]

        await until(is_complete)
        [message] = await ann.seen()
        assert message["reply_to_message"]["message_id"] == asked
        assert "edit_date" in message
        assert "reply_markup" not in message


class TestCommands:
    @pytest.mark.parametrize(
        ("command", "language", "beginning"),
        [
            ("/start", "en", "Hello!"),
            ("/help", "ru", "Просто напишите"),
            ("/new", "en", "A new conversation"),
            ("/stop", "en", "There is nothing to stop"),
            ("/dance", "en", "I do not know this command"),
        ],
    )
    async def test_each_has_an_answer(
        self, join: Join, command: str, language: str, beginning: str
    ) -> None:
        ann = await join(language_code=language)
        await ann.write(command)
        [answer] = await ann.wait_for_answers()
        assert answer.startswith(beginning)


async def test_a_photo_gets_a_sentence(join: Join, http: aiohttp.ClientSession) -> None:
    ann = await join()
    form = aiohttp.FormData({"user_id": str(ann.id), "kind": "photo"})
    form.add_field("file", b"\x89PNG", filename="cat.png", content_type="image/png")
    async with http.post(f"/people/chats/{ann.id}/files", data=form) as response:
        assert response.ok
    [answer] = await ann.wait_for_answers()
    assert answer.startswith("I can only read text")
