"""The Bot API as aiogram uses it: results that aiogram and the published schema accept."""

from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)

from .conftest import api, call

BUTTON = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Stop", callback_data="stop:1")]]
)
_PLAIN: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "Float": (int, float),
    "True": bool,
}


class TestMessages:
    async def test_sending_and_editing(self, bot: Bot, ann: int) -> None:
        sent = await bot.send_message(
            ann,
            "bold and https://example.org",
            entities=[MessageEntity(type="bold", offset=0, length=4)],
            reply_markup=BUTTON,
        )
        assert [entity.type for entity in sent.entities or []] == ["bold", "url"]
        assert sent.reply_markup
        assert sent.reply_markup.inline_keyboard[0][0].callback_data == "stop:1"
        edited = await bot.edit_message_text("plain", chat_id=ann, message_id=sent.message_id)
        assert not isinstance(edited, bool)
        assert (edited.text, edited.entities, edited.reply_markup) == ("plain", None, None)
        assert await bot.delete_message(ann, sent.message_id)

    async def test_a_reply_quotes_its_message(self, bot: Bot, ann: int) -> None:
        first = await bot.send_message(ann, "one")
        reply = ReplyParameters(message_id=first.message_id)
        second = await bot.send_message(ann, "two", reply_parameters=reply)
        assert second.reply_to_message
        assert second.reply_to_message.message_id == first.message_id

    @pytest.mark.parametrize(
        ("params", "sentence"),
        [
            ({"text": ""}, "message text is empty"),
            ({"text": "\u200b \u2060"}, "text must be non-empty"),
            ({"text": "x" * 4097}, "message is too long"),
            ({"text": "x", "chat_id": 7}, "chat not found"),
            ({"text": "x", "reply_to_message_id": 99}, "message to be replied not found"),
            ({"text": "x", "parse_mode": "HTML"}, "parse_mode is not simulated"),
            (
                {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
                "entity beyond the end",
            ),
            (
                {"text": "x", "entities": [{"type": "bald", "offset": 0, "length": 1}]},
                "can't parse MessageEntity",
            ),
            (
                {
                    "text": "x",
                    "entities": [
                        {"type": "text_link", "offset": 0, "length": 1, "url": "/relative"}
                    ],
                },
                "Wrong HTTP URL specified",
            ),
            (
                {"text": "\U0001f600", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
                "middle of a UTF-16 symbol",
            ),
        ],
    )
    async def test_refusals_in_telegrams_words(
        self, http: aiohttp.ClientSession, ann: int, params: dict[str, Any], sentence: str
    ) -> None:
        refused = await api(http, "sendMessage", **{"chat_id": ann, **params})
        assert refused["error_code"] == 400
        assert sentence in refused["description"]

    async def test_outer_white_space_is_cut_and_entities_move_along(
        self, bot: Bot, ann: int
    ) -> None:
        entity = MessageEntity(type="bold", offset=3, length=4)
        sent = await bot.send_message(ann, "  \n\U0001f600 \t \n", entities=[entity])
        assert sent.text == "\U0001f600"
        assert [(e.offset, e.length) for e in sent.entities or []] == [(0, 2)]

    async def test_what_is_not_modified_is_refused(self, bot: Bot, ann: int) -> None:
        sent = await bot.send_message(ann, "same")
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await bot.edit_message_text("same", chat_id=ann, message_id=sent.message_id)

    async def test_nobody_hears_a_blocked_bot(
        self, bot: Bot, http: aiohttp.ClientSession, ann: int
    ) -> None:
        await call(http, f"/people/chats/{ann}/block", {"user_id": ann, "blocked": True})
        with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
            await bot.send_message(ann, "hello?")


class TestDrafts:
    async def test_a_message_takes_the_place_of_a_draft(
        self, bot: Bot, http: aiohttp.ClientSession, ann: int
    ) -> None:
        assert await bot.send_message_draft(ann, 7, text="", can_stop=True)
        assert await bot.send_message_draft(ann, 7, text="grow", can_stop=True)
        [draft] = (await call(http, f"/people/chats/{ann}/messages"))["drafts"]
        assert (draft["draft_id"], draft["text"], draft["can_stop"]) == (7, "grow", True)
        await bot.send_message(ann, "grown")
        assert (await call(http, f"/people/chats/{ann}/messages"))["drafts"] == []

    async def test_stop_reaches_the_bot(
        self, bot: Bot, http: aiohttp.ClientSession, ann: int
    ) -> None:
        await bot.send_message_draft(ann, 7, text="grow", can_stop=True)
        await call(http, f"/people/chats/{ann}/drafts/7/stop", {"user_id": ann})
        [update] = await bot.get_updates()
        assert update.stopped_message_generation
        assert update.stopped_message_generation.draft_id == 7

    async def test_only_private_chats_have_them(
        self, bot: Bot, http: aiohttp.ClientSession, ann: int
    ) -> None:
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann]})
        with pytest.raises(TelegramBadRequest):
            await bot.send_message_draft(group["id"], 7, text="grow")
        with pytest.raises(TelegramBadRequest, match="non-zero"):
            await bot.send_message_draft(ann, 0, text="grow")


class TestFiles:
    async def test_up_and_down(self, bot: Bot, http: aiohttp.ClientSession, ann: int) -> None:
        sent = await bot.send_document(ann, BufferedInputFile(b"content", "notes.txt"))
        assert sent.document
        file = await bot.get_file(sent.document.file_id)
        assert file.file_path
        fetched = await bot.download_file(file.file_path)
        assert fetched
        assert fetched.read() == b"content"

    async def test_a_file_that_is_too_large_is_refused(
        self, bot: Bot, ann: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("simulator.telegram.botapi.MAX_FILE_BYTES", 7)
        await bot.send_document(ann, BufferedInputFile(b"content", "notes.txt"))
        with pytest.raises(TelegramEntityTooLarge):
            await bot.send_document(ann, BufferedInputFile(b"contents", "notes.txt"))

    async def test_a_persons_file_reaches_the_bot(
        self, bot: Bot, http: aiohttp.ClientSession, ann: int
    ) -> None:
        form = aiohttp.FormData({"user_id": str(ann), "kind": "photo", "caption": "look"})
        form.add_field("file", b"\x89PNG", filename="cat.png", content_type="image/png")
        async with http.post(f"/people/chats/{ann}/files", data=form) as response:
            assert response.ok
        [update] = await bot.get_updates()
        assert update.message
        assert update.message.photo
        assert update.message.caption == "look"


async def test_a_pressed_button_and_its_answer(
    bot: Bot, http: aiohttp.ClientSession, ann: int
) -> None:
    sent = await bot.send_message(ann, "press", reply_markup=BUTTON)
    path = f"/people/chats/{ann}/messages/{sent.message_id}/press"
    async with http.get("/people/events", params={"user": ann}) as events:
        await events.content.readline()
        pressed = await call(http, path, {"user_id": ann, "data": "stop:1"})
        [update] = await bot.get_updates()
        assert update.callback_query
        assert update.callback_query.id == pressed["callback_query_id"]
        assert await bot.answer_callback_query(update.callback_query.id, text="done")
        async for line in events.content:
            if b'"callback_answer"' in line:
                assert b'"done"' in line
                break


async def test_commands_by_language(bot: Bot, http: aiohttp.ClientSession, ann: int) -> None:
    await bot.set_my_commands([BotCommand(command="help", description="Help")])
    await bot.set_my_commands(
        [BotCommand(command="help", description="Помощь")], language_code="ru"
    )
    assert [c.description for c in await bot.get_my_commands()] == ["Help"]
    state = await call(http, f"/people/state?user={ann}")
    assert state["bot"]["commands"] == [{"command": "help", "description": "Help"}]


async def test_floods_are_refused_with_the_seconds_to_wait(bot: Bot, ann: int) -> None:
    async def chatter() -> None:
        for number in range(20):
            await bot.send_message(ann, f"message {number}")

    with pytest.raises(TelegramRetryAfter) as caught:
        await chatter()
    assert caught.value.retry_after >= 3


async def test_unknown_tokens_and_methods(http: aiohttp.ClientSession) -> None:
    async with http.get("/bot1:nobody/getMe") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")
    assert (await api(http, "inventMoney"))["error_code"] == 404


class TestSchema:
    """Every result has the fields of the published schema, and no others."""

    async def test_results(
        self, http: aiohttp.ClientSession, ann: int, schema: dict[str, Any]
    ) -> None:
        await call(http, f"/people/chats/{ann}/messages", {"user_id": ann, "text": "/start @x"})
        sent = (await api(http, "sendMessage", chat_id=ann, text="https://example.org"))["result"]
        group = await call(http, "/people/groups", {"title": "Friends", "user_ids": [ann]})
        calls: list[tuple[str, dict[str, Any], str]] = [
            ("getMe", {}, "User"),
            ("sendMessage", {"chat_id": group["id"], "text": "hello"}, "Message"),
            (
                "editMessageText",
                {"chat_id": ann, "message_id": sent["message_id"], "text": "changed"},
                "Message",
            ),
            ("getChat", {"chat_id": ann}, "ChatFullInfo"),
            ("getChatMember", {"chat_id": ann, "user_id": ann}, "ChatMemberMember"),
            ("getWebhookInfo", {}, "WebhookInfo"),
            ("getMyName", {}, "BotName"),
        ]
        assert complaints(schema, "Message", sent) == []
        for method, params, kind in calls:
            result = (await api(http, method, **params))["result"]
            assert complaints(schema, kind, result) == [], method
        for update in (await api(http, "getUpdates"))["result"]:
            assert complaints(schema, "Update", update) == []


def complaints(schema: dict[str, Any], kind: str, value: Any, at: str = "") -> list[str]:
    """What the schema has against a value of a type."""
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{at}: no list"]
        inner = kind.removeprefix("Array of ")
        return [
            c for n, item in enumerate(value) for c in complaints(schema, inner, item, f"{at}[{n}]")
        ]
    if kind in _PLAIN:
        return [] if isinstance(value, _PLAIN[kind]) else [f"{at}: no {kind}"]
    described = schema["types"][kind]
    if described.get("subtypes"):
        tries = [complaints(schema, subtype, value, at) for subtype in described["subtypes"]]
        return _fewest(tries)
    fields = {field["name"]: field for field in described["fields"]}
    found = [f"{at}.{name}: unknown" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            tries = [complaints(schema, t, value[name], f"{at}.{name}") for t in field["types"]]
            found += _fewest(tries)
        elif field["required"]:
            found.append(f"{at}.{name}: missing")
    return found


def _fewest(tries: list[list[str]]) -> list[str]:
    return min(tries, key=len)
