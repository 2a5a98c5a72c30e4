"""A simulated Telegram on a real port, a bot of aiogram's, and somebody to write to it."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from simulator.app import create_app
from simulator.telegram.server import DEFAULT_TOKEN


@pytest.fixture
async def base(unused_port: int) -> AsyncGenerator[str]:
    runner = web.AppRunner(create_app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_port).start()
    yield f"http://127.0.0.1:{unused_port}"
    await runner.cleanup()


@pytest.fixture
async def http(base: str) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base) as session:
        yield session


@pytest.fixture
async def bot(base: str) -> AsyncGenerator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(base))
    bot = Bot(DEFAULT_TOKEN, session=session)
    yield bot
    await bot.session.close()


@pytest.fixture
async def ann(http: aiohttp.ClientSession) -> int:
    """A person; the id is also that of their chat with the bot."""
    user = await call(http, "/people/users", {"first_name": "Ann", "language_code": "en"})
    return int(user["id"])


async def call(http: aiohttp.ClientSession, path: str, body: Any = None) -> Any:
    """GET, or POST when there is a body; fails when it is refused."""
    request = http.get(path) if body is None else http.post(path, json=body)
    async with request as response:
        assert response.ok, (response.status, await response.text())
        content = await response.read()
        return json.loads(content) if content else None


async def api(http: aiohttp.ClientSession, method: str, **params: Any) -> dict[str, Any]:
    """A call of the Bot API, refused or not."""
    async with http.post(f"/bot{DEFAULT_TOKEN}/{method}", json=params) as response:
        body: dict[str, Any] = await response.json()
        assert body["ok"] is (response.status == 200)
        return body


@pytest.fixture(scope="session")
def schema(shared_data: Path) -> dict[str, Any]:
    """The published schema of the Bot API."""
    published: dict[str, Any] = json.loads((shared_data / "bot_api_schema.json").read_text())
    return published
