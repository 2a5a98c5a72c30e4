"""Reactions of people: what the chat keeps of them, and when the bot hears of them."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.types import ChatMemberAdministrator, ReactionTypeEmoji

from simulator.telegram.server import Telegram
from simulator.telegram.snapshot import load, store, take

from .conftest import api, call
from .test_methods import complaints

ASKED_FOR = {"allowed_updates": ["message", "message_reaction", "my_chat_member"]}


@pytest.fixture
async def answer(bot: Bot, ann: int) -> int:
    return (await bot.send_message(ann, "an answer")).message_id


async def react(
    http: aiohttp.ClientSession, chat_id: int, message_id: int, user_id: int, *emoji: str
) -> Any:
    path = f"/people/chats/{chat_id}/messages/{message_id}/reaction"
    return await call(http, path, {"user_id": user_id, "emoji": emoji})


async def refused(http: aiohttp.ClientSession, path: str, body: Any) -> str:
    async with http.post(path, json=body) as response:
        assert response.status == 400
        return str((await response.json())["detail"])


async def updates(http: aiohttp.ClientSession, kind: str) -> list[dict[str, Any]]:
    polled = await api(http, "getUpdates", **ASKED_FOR)
    return [update[kind] for update in polled["result"] if kind in update]


class TestInPrivate:
    async def test_a_bot_that_asked_hears_what_was_and_what_is(
        self, http: aiohttp.ClientSession, bot: Bot, ann: int, answer: int
    ) -> None:
        await bot.get_updates(**ASKED_FOR)  # type: ignore[arg-type]  # one list of strings
        await react(http, ann, answer, ann, "👍")
        await react(http, ann, answer, ann, "❤️", "🔥")
        await react(http, ann, answer, ann)
        heard = [update.message_reaction for update in await bot.get_updates()]
        changes = [
            (
                [r.emoji for r in one.old_reaction if isinstance(r, ReactionTypeEmoji)],
                [r.emoji for r in one.new_reaction if isinstance(r, ReactionTypeEmoji)],
            )
            for one in heard
            if one
        ]
        assert changes == [([], ["👍"]), (["👍"], ["❤", "🔥"]), (["❤", "🔥"], [])]
        assert heard[0]
        assert heard[0].user
        assert (heard[0].chat.id, heard[0].message_id, heard[0].user.id) == (ann, answer, ann)

    @pytest.mark.parametrize("asked_for", [{}, {"allowed_updates": []}, {"allowed_updates": ["x"]}])
    async def test_a_bot_that_did_not_ask_hears_nothing(
        self,
        http: aiohttp.ClientSession,
        ann: int,
        answer: int,
        asked_for: dict[str, Any],
    ) -> None:
        await api(http, "getUpdates", **asked_for)
        await react(http, ann, answer, ann, "👍")
        assert await updates(http, "message_reaction") == []

    async def test_the_same_again_is_no_news(
        self, http: aiohttp.ClientSession, ann: int, answer: int
    ) -> None:
        await updates(http, "message_reaction")
        await react(http, ann, answer, ann, "👍")
        await react(http, ann, answer, ann, "👍")
        assert len(await updates(http, "message_reaction")) == 1

    async def test_updates_fit_the_published_schema(
        self, http: aiohttp.ClientSession, ann: int, answer: int, schema: dict[str, Any]
    ) -> None:
        await updates(http, "message_reaction")
        await react(http, ann, answer, ann, "👎")
        for update in (await api(http, "getUpdates"))["result"]:
            assert complaints(schema, "Update", update) == []


class TestInGroups:
    async def test_only_an_administrator_hears_of_them(
        self, http: aiohttp.ClientSession, bot: Bot, ann: int, schema: dict[str, Any]
    ) -> None:
        await updates(http, "message_reaction")
        group = (await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann]}))["id"]
        message_id = (await bot.send_message(group, "hello")).message_id
        await react(http, group, message_id, ann, "👍")
        assert await updates(http, "message_reaction") == []

        promotion = {"user_id": ann, "administrator": True}
        await call(http, f"/people/chats/{group}/administrator", promotion)
        [_, promoted] = await updates(http, "my_chat_member")
        assert promoted["old_chat_member"]["status"] == "member"
        newer = [".new_chat_member.can_send_welcome_messages: unknown"]  # aiogram speaks 10.3
        assert complaints(schema, "ChatMemberUpdated", promoted) == newer
        assert isinstance(await bot.get_chat_member(group, bot.id), ChatMemberAdministrator)
        await react(http, group, message_id, ann, "👎")
        [heard] = await updates(http, "message_reaction")
        assert heard["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]

    async def test_a_private_chat_has_no_administrators(
        self, http: aiohttp.ClientSession, ann: int
    ) -> None:
        promotion = {"user_id": ann, "administrator": True}
        assert "no administrators" in await refused(
            http, f"/people/chats/{ann}/administrator", promotion
        )


class TestWhatTheChatKeeps:
    async def test_people_see_each_others(
        self, http: aiohttp.ClientSession, bot: Bot, ann: int
    ) -> None:
        bob = (await call(http, "/people/users", {"first_name": "Bob"}))["id"]
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann, bob]})
        message_id = (await bot.send_message(group["id"], "hello")).message_id
        await react(http, group["id"], message_id, ann, "👍")
        await react(http, group["id"], message_id, bob, "👎")
        await react(http, group["id"], message_id, ann)
        page = await call(http, f"/people/chats/{group['id']}/messages")
        assert page["reactions"] == [{"message_id": message_id, "user_id": bob, "emoji": ["👎"]}]

    async def test_they_go_with_their_message(
        self, http: aiohttp.ClientSession, bot: Bot, ann: int, answer: int
    ) -> None:
        await react(http, ann, answer, ann, "👍")
        await bot.delete_message(ann, answer)
        assert (await call(http, f"/people/chats/{ann}/messages"))["reactions"] == []

    @pytest.mark.parametrize(
        ("emoji", "complaint"),
        [
            (["🦖"], "no such reaction"),
            (["👍", "👎", "🔥", "🎉"], "more than 3"),
            ("👍", "not a list"),
            (None, "not a list"),
        ],
    )
    async def test_what_telegram_would_not_take_is_refused(
        self, http: aiohttp.ClientSession, ann: int, answer: int, emoji: Any, complaint: str
    ) -> None:
        path = f"/people/chats/{ann}/messages/{answer}/reaction"
        assert complaint in await refused(http, path, {"user_id": ann, "emoji": emoji})

    async def test_a_stranger_is_refused(
        self, http: aiohttp.ClientSession, ann: int, answer: int
    ) -> None:
        bob = (await call(http, "/people/users", {"first_name": "Bob"}))["id"]
        path = f"/people/chats/{ann}/messages/{answer}/reaction"
        assert "not a member" in await refused(http, path, {"user_id": bob, "emoji": ["👍"]})


async def test_they_survive_a_restart_and_so_does_what_the_bot_asked_for(tmp_path: Path) -> None:
    telegram = Telegram()
    user = telegram.world.add_user({"first_name": "Ann"})
    chat = telegram.world.chats[user["id"]]
    message = telegram.world.add_message(chat, telegram.bot.user, {"text": "an answer"})
    telegram.world.set_reaction(chat, message["message_id"], user["id"], ["👍"])
    group = telegram.world.add_group("Friends", [user["id"]], is_forum=False)
    group.is_bot_admin = True
    await telegram.bot.poll(0, 1, 0, ASKED_FOR["allowed_updates"])
    store(tmp_path / "world.json", take(telegram))

    again = Telegram()
    load(again, tmp_path / "world.json")
    assert again.world.chats[chat.id].reactions == {message["message_id"]: {user["id"]: ["👍"]}}
    assert again.world.chats[group.id].is_bot_admin
    assert again.bot.allowed == frozenset(ASKED_FOR["allowed_updates"])


def test_a_state_of_an_older_release_is_read(tmp_path: Path) -> None:
    telegram = Telegram()
    telegram.world.add_user({"first_name": "Ann"})
    saved = take(telegram)
    for chat in saved["chats"]:
        del chat["reactions"], chat["is_bot_admin"]
    for account in saved["accounts"]:
        del account["allowed"]
    store(tmp_path / "world.json", saved)
    again = Telegram()
    load(again, tmp_path / "world.json")
    assert len(again.world.chats) == 1
    assert again.bot.allowed is None
