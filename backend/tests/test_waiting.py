"""What a person sees while no model can be reached, and afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from .conftest import Person, Stack, call, order_speed, press, until, wait_for_words

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[Any]]]

WAITING = "No language model can be reached right now."
FAILED = "Sorry, none of the language models could answer"


@pytest.fixture(autouse=True, scope="module")
def running(stack: Stack) -> None:
    stack.start_bot()


@pytest.fixture(autouse=True)
def rested(stack: Stack, running: None) -> None:
    """Models that failed in other tests are left alone: a new process knows nothing of that."""
    stack.bot.end()
    stack.start_bot()


async def all_models_fail(http: aiohttp.ClientSession, status: int, **more: Any) -> None:
    await call(http, "/script/provider/faults", {"kind": "status", "status": status, **more})


async def models_are_back(http: aiohttp.ClientSession) -> None:
    await call(http, "/script/provider/reset", {})
    await call(http, "/script/provider/replies", {"default": "Here I am."})


async def test_stop_and_status_do_not_wait(join: Join, http: aiohttp.ClientSession) -> None:
    await all_models_fail(http, 503, times=None)
    ann = await join()
    await ann.write("Hello!")
    await ann.wait_for_answers(1)
    await ann.write("Still there?")
    await ann.write("/status")
    status = (await ann.wait_for_answers(2))[1]
    assert "has been waiting since" in status
    assert "in the queue: 1" in status
    await ann.write("/stop")
    assert (await ann.wait_for_answers(3))[2] == "Stopped."


async def test_in_a_group_the_placeholder_tells_it_and_becomes_the_answer(
    join: Join, http: aiohttp.ClientSession
) -> None:
    await order_speed(http, first_token_ms=500)
    await call(http, "/script/provider/replies", {"default": "Here I am."})
    await call(http, "/script/provider/faults", {"kind": "cut_fin", "times": 2})
    ann = await join()
    group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann.id]})
    ann.chat_id = group["id"]
    await ann.write("@parley_bot hello!")
    await wait_for_words(ann, WAITING)
    [placeholder] = await ann.seen()
    assert placeholder["reply_markup"]["inline_keyboard"][0][0]["text"] == "Stop"
    await wait_for_words(ann, "Here I am.")
    [answer] = await ann.seen()
    assert answer["message_id"] == placeholder["message_id"]


class TestTryingAgain:
    """The button below the words about a failure. With a refused request nobody waits."""

    async def test_the_question_is_asked_again_once_however_often_it_is_pressed(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await all_models_fail(http, 400, times=None)
        ann = await join()
        await ann.write("Hello!")
        await wait_for_words(ann, FAILED)
        await models_are_back(http)
        [failure] = await ann.seen()
        for _ in range(3):
            [[button]] = failure["reply_markup"]["inline_keyboard"]
            path = f"/people/chats/{ann.id}/messages/{failure['message_id']}/press"
            await call(http, path, {"user_id": ann.id, "data": button["callback_data"]})
        failure_told, answer = await ann.wait_for_answers(2)
        assert failure_told.startswith(FAILED)
        assert answer == "Here I am."

        async def are_done() -> bool:
            return await query("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]

        await until(are_done)
        assert await query("SELECT verdict FROM turns ORDER BY created_at") == [
            ("failed_told",),
            ("answered",),
        ]
        assert len(await ann.seen()) == 2
        assert all("reply_markup" not in message for message in await ann.seen())
        calls = await call(http, "/script/provider/calls?full=1")
        asked = [one["content"] for one in calls[-1]["messages"] if one["role"] == "user"]
        assert asked == ["Hello!"]

    async def test_in_a_group_only_the_author_may(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await all_models_fail(http, 400, times=None)
        ann, bob = await join(), await join()
        group = await call(
            http, "/people/groups", {"title": "Friends", "user_ids": [ann.id, bob.id]}
        )
        ann.chat_id = bob.chat_id = group["id"]
        await ann.write("@parley_bot hello!")
        await wait_for_words(ann, FAILED)
        await press(http, bob, "Try again")

        async def is_pressed() -> bool:
            pressed = "SELECT count(*) FROM inbox WHERE kind = 'callback_query' AND state = 'done'"
            return await query(pressed) == [(1,)]

        await until(is_pressed)
        assert await query("SELECT count(*) FROM turns") == [(1,)]
        await models_are_back(http)
        await press(http, ann, "Try again")
        await ann.wait_for_answers(2)
        assert await query("SELECT count(*) FROM turns") == [(2,)]

    async def test_a_question_that_was_erased_is_gone(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await all_models_fail(http, 400, times=None)
        ann = await join()
        await ann.write("Hello!")
        await wait_for_words(ann, FAILED)
        await ann.write("/delete")
        await wait_for_words(ann, "?")
        await press(http, ann, "Erase everything")
        await wait_for_words(ann, "erased")
        await press(http, ann, "Try again")

        async def are_done() -> bool:
            return await query("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]

        await until(are_done)
        assert await query("SELECT count(*) FROM turns") == [(1,)]
