"""A reaction to an answer, from the person's finger to the turn."""

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


@pytest.fixture
def counted(query: Query) -> Callable[[int, int], Awaitable[None]]:
    """Wait until the one turn has so many likes and dislikes."""

    async def counted(likes: int, dislikes: int) -> None:
        async def are_counted() -> bool:
            return await query("SELECT likes, dislikes FROM turns") == [(likes, dislikes)]

        await until(are_counted)

    return counted


@pytest.fixture
def all_done(query: Query) -> Callable[[int], Awaitable[None]]:
    """Wait until so many reactions have come and nothing is left to do."""

    async def all_done(count: int) -> None:
        async def are_done() -> bool:
            states = await query("SELECT state FROM inbox WHERE kind = 'message_reaction'")
            return states == [("done",)] * count

        await until(are_done)

    return all_done


@pytest.fixture
def answered(query: Query) -> Callable[[Person], Awaitable[list[int]]]:
    """Ask something and wait until the answer has come whole; gives the ids of its messages."""

    async def answered(person: Person) -> list[int]:
        await person.write("@parley_bot how are you?")

        async def is_final() -> bool:
            return await query("SELECT state FROM turns") == [("answered",)]

        await until(is_final)
        return [message["message_id"] for message in await person.seen()]

    return answered


Answered = Callable[[Person], Awaitable[list[int]]]
Counted = Callable[[int, int], Awaitable[None]]
AllDone = Callable[[int], Awaitable[None]]


async def test_a_like_is_kept_changed_and_taken_back(
    join: Join, query: Query, answered: Answered, counted: Counted, all_done: AllDone
) -> None:
    ann = await join()
    [answer] = await answered(ann)
    await ann.react(answer, "❤")
    await counted(1, 0)
    [(turn_id,)] = await query("SELECT id FROM turns")
    assert await query("SELECT turn_id, user_id, bot_id, score FROM feedback") == [
        (turn_id, ann.id, 42, 1)
    ]
    await ann.react(answer, "👍", "👎")
    await counted(0, 1)
    assert await query("SELECT score FROM feedback") == [(-1,)]
    await ann.react(answer)
    await counted(0, 0)
    assert await query("SELECT score FROM feedback") == []
    await all_done(3)


async def test_a_change_of_mind_in_a_hurry_ends_as_it_was_left(
    join: Join, answered: Answered, counted: Counted, all_done: AllDone
) -> None:
    ann = await join()
    [answer] = await answered(ann)
    for emoji in ["👍", "👎"] * 5:
        await ann.react(answer, emoji)
    await all_done(10)
    await counted(0, 1)


async def test_what_is_no_answer_or_says_nothing_or_has_no_author_leaves_nothing(
    join: Join, http: aiohttp.ClientSession, query: Query, answered: Answered, all_done: AllDone
) -> None:
    ann = await join()
    [answer] = await answered(ann)
    help_ = await ann.write("/help") + 1
    await ann.wait_for_answers(2)
    await ann.react(help_, "👍")
    await ann.react(answer, "🤔")
    anonymous = {
        "chat": {"id": ann.id, "type": "private"},
        "message_id": answer,
        "actor_chat": {"id": -1000000000005, "type": "channel", "title": "Somebody"},
        "date": 1,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    updates = {"updates": [{"message_reaction": anonymous}]}
    await call(http, "/script/telegram/updates", updates)
    await all_done(3)
    assert await query("SELECT likes, dislikes FROM turns") == [(0, 0)]
    assert await query("SELECT score FROM feedback") == []


@pytest.fixture
def befriend(http: aiohttp.ClientSession) -> Callable[..., Awaitable[None]]:
    """Put people into a group whose administrator is the bot."""

    async def befriend(*people: Person) -> None:
        ids = [person.id for person in people]
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": ids})
        promotion = {"user_id": ids[0], "administrator": True}
        await call(http, f"/people/chats/{group['id']}/administrator", promotion)
        for person in people:
            person.chat_id = group["id"]

    return befriend


class TestGroups:
    async def test_each_person_has_a_vote(
        self,
        join: Join,
        query: Query,
        befriend: Callable[..., Awaitable[None]],
        answered: Answered,
        counted: Counted,
    ) -> None:
        ann, bob = await join(), await join()
        await befriend(ann, bob)
        [answer] = await answered(ann)
        await ann.react(answer, "👍")
        await bob.react(answer, "💩")
        await counted(1, 1)
        assert sorted(await query("SELECT user_id, score FROM feedback")) == [
            (ann.id, 1),
            (bob.id, -1),
        ]

    async def test_an_answer_that_is_still_being_written_can_be_liked(
        self,
        join: Join,
        http: aiohttp.ClientSession,
        query: Query,
        befriend: Callable[..., Awaitable[None]],
        counted: Counted,
    ) -> None:
        await order_speed(http, first_token_ms=100, tokens_per_second=40)
        order = {
            "replies": [{"exact": "@parley_bot how are you?", "text": "Well, thank you. " * 30}]
        }
        await call(http, "/script/provider/replies", order)
        ann = await join()
        await befriend(ann)
        await ann.write("@parley_bot how are you?")

        async def is_begun() -> bool:
            return bool(await ann.seen())

        await until(is_begun)
        [message] = await ann.seen()
        assert await query("SELECT state FROM turns") == [("generating",)]
        await ann.react(message["message_id"], "👍")
        await counted(1, 0)
