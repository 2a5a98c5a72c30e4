"""Virtual people against a simulator that answers by hand."""

from collections.abc import AsyncGenerator

import aiohttp
import pytest
from aiohttp import web

from simulator.app import create_app
from simulator.people import _REACTIONS, react
from simulator.telegram.reactions import EMOJI
from simulator.telegram.server import TELEGRAM, Telegram


@pytest.fixture
async def app(unused_port: int) -> AsyncGenerator[tuple[Telegram, str]]:
    app = create_app()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_port).start()
    yield app[TELEGRAM], f"http://127.0.0.1:{unused_port}"
    await runner.cleanup()


async def test_they_react_to_the_newest_answer(app: tuple[Telegram, str]) -> None:
    telegram, base = app
    ann = telegram.world.add_user({"first_name": "Ann"})
    chat = telegram.world.chats[ann["id"]]
    async with aiohttp.ClientSession(base) as http:
        await react(http, ann["id"], "👍")
        assert chat.reactions == {}
        for author, words in ((telegram.bot.user, "old"), (telegram.bot.user, "new"), (ann, "hm")):
            telegram.world.add_message(chat, author, {"text": words})
        await react(http, ann["id"], "👍")
    assert chat.reactions == {2: {ann["id"]: ["👍"]}}


def test_their_reactions_are_telegrams() -> None:
    assert set(_REACTIONS) <= EMOJI
