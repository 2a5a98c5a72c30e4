"""How updates reach a bot: long polling, its offsets and conflicts, and webhooks."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from simulator.telegram.server import Telegram
from simulator.telegram.snapshot import load, store, take

from .conftest import api, call


async def write(http: aiohttp.ClientSession, ann: int, text: str) -> int:
    sent = await call(http, f"/people/chats/{ann}/messages", {"user_id": ann, "text": text})
    return int(sent["update_id"])


async def ids(http: aiohttp.ClientSession, **params: Any) -> list[int]:
    body = await api(http, "getUpdates", **params)
    return [update["update_id"] for update in body["result"]]


class TestPolling:
    async def test_what_is_not_confirmed_comes_again(
        self, http: aiohttp.ClientSession, ann: int
    ) -> None:
        first, second = [await write(http, ann, text) for text in ("one", "two")]
        assert await ids(http) == [first, second]
        assert await ids(http) == [first, second]
        assert await ids(http, offset=second) == [second]
        assert await ids(http, offset=second + 1) == []

    async def test_a_senseless_offset_loses_nothing(
        self, http: aiohttp.ClientSession, ann: int
    ) -> None:
        first = await write(http, ann, "one")
        assert await ids(http, offset=first + 1_000_000) == [first]

    async def test_it_waits_for_news(self, http: aiohttp.ClientSession, ann: int) -> None:
        polling = asyncio.get_running_loop().create_task(ids(http, timeout=20))
        await asyncio.sleep(0.1)
        assert not polling.done()
        written = await write(http, ann, "one")
        assert await polling == [written]

    async def test_a_second_poller_ends_the_first(self, http: aiohttp.ClientSession) -> None:
        first = asyncio.get_running_loop().create_task(api(http, "getUpdates", timeout=20))
        await asyncio.sleep(0.1)
        assert await ids(http) == []
        ended = await first
        assert ended["error_code"] == 409
        assert "terminated by other getUpdates request" in ended["description"]

    async def test_kinds_that_were_not_asked_for_stay_away(
        self, http: aiohttp.ClientSession, ann: int
    ) -> None:
        await ids(http, allowed_updates=["callback_query"])
        await write(http, ann, "one")
        assert await ids(http) == []

    async def test_orders_of_a_test(self, http: aiohttp.ClientSession) -> None:
        updates = [{"anything": 1}, '"a string"', "no JSON at all"]
        await call(http, "/script/telegram/updates", {"updates": updates})
        async with http.get("/bot42:simulator-token/getUpdates") as response:
            assert await response.text() == "no JSON at all"
        result = (await api(http, "getUpdates"))["result"]
        assert [type(update) for update in result] == [dict, str]


class Receiver:
    """A bot's webhook: remembers what came, and answers as it is told."""

    def __init__(self) -> None:
        self.came: list[tuple[str | None, int]] = []
        self.statuses: list[int] = []
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.came.append((secret, update["update_id"]))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.came) < count:
                await asyncio.sleep(0.02)


@pytest.fixture
async def receiver(make_port: Any) -> AsyncGenerator[Receiver]:
    receiver, port = Receiver(), make_port()
    app = web.Application()
    app.add_routes([web.post("/hook", receiver.receive)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    receiver.url = f"http://127.0.0.1:{port}/hook"
    yield receiver
    await runner.cleanup()


class TestWebhook:
    async def test_updates_come_in_order_with_the_secret_until_they_are_taken(
        self, http: aiohttp.ClientSession, ann: int, receiver: Receiver
    ) -> None:
        receiver.statuses = [500]
        waiting = await write(http, ann, "before")
        await api(http, "setWebhook", url=receiver.url, secret_token="a-secret")
        later = await write(http, ann, "after")
        await receiver.wait_for(3)
        assert receiver.came == [("a-secret", waiting), ("a-secret", waiting), ("a-secret", later)]
        assert (await api(http, "getWebhookInfo"))["result"]["pending_update_count"] == 0

    async def test_nobody_polls_beside_it(
        self, http: aiohttp.ClientSession, receiver: Receiver
    ) -> None:
        await api(http, "setWebhook", url=receiver.url)
        assert (await api(http, "getUpdates"))["error_code"] == 409
        await api(http, "deleteWebhook")
        assert await ids(http) == []


class TestFaults:
    @pytest.mark.parametrize(
        ("fault", "seen", "arrives"),
        [
            ({"kind": "error", "error_code": 403, "description": "Forbidden: no"}, 403, False),
            ({"kind": "flood", "retry_after": 7}, 429, False),
            ({"kind": "html"}, 502, False),
            ({"kind": "empty"}, 200, False),
            ({"kind": "drop_before"}, None, False),
            ({"kind": "drop_after"}, None, True),
            ({"kind": "delay", "seconds": 0.1}, 200, True),
        ],
    )
    async def test_each_strikes_once_and_says_so(
        self,
        http: aiohttp.ClientSession,
        ann: int,
        fault: dict[str, Any],
        seen: int | None,
        *,
        arrives: bool,
    ) -> None:
        await call(http, "/script/telegram/faults", {"method": "sendMessage", **fault})
        body = {"chat_id": ann, "text": "hello"}
        try:
            async with http.post("/bot42:simulator-token/sendMessage", json=body) as response:
                status = response.status
        except aiohttp.ClientError:
            status = None
        assert status == seen
        history = await call(http, f"/people/chats/{ann}/messages")
        assert bool(history["messages"]) is arrives
        assert (await call(http, "/script/telegram/faults"))[0]["hits"] == 1
        assert (await api(http, "sendMessage", **body))["ok"]


async def test_chats_survive_a_restart(tmp_path: Path) -> None:
    telegram = Telegram()
    user = telegram.world.add_user({"first_name": "Ann"})
    chat = telegram.world.chats[user["id"]]
    message = telegram.world.add_message(chat, user, {"text": "remember me"})
    telegram.notify_bot("message", message, chat)
    file = telegram.world.add_file("a.txt", "text/plain", b"content")
    path = tmp_path / "state" / "world.json"
    store(path, take(telegram))
    again = Telegram()
    load(again, path)
    assert again.world.chats[user["id"]].messages == chat.messages
    assert again.world.files[file.file_id].content == b"content"
    assert [update.body for update in again.bot.updates] == [
        update.body for update in telegram.bot.updates
    ]
    assert again.world.add_user({"first_name": "Bob"})["id"] > user["id"]
    next_message = again.world.add_message(again.world.chats[user["id"]], user, {"text": "next"})
    assert next_message["message_id"] == message["message_id"] + 1


def test_a_state_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_text("{half")
    load(Telegram(), path)
    assert not path.exists()
    assert (tmp_path / "world.broken").read_text() == "{half"
