"""The product as it runs: the simulator and the bot as processes, on a database of their own."""

import asyncio
import json
import os
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import programs
import pytest
from sqlalchemy import text

from core.db.session import Database
from core.stats.rebuild import rebuild

WAIT_SECONDS = 60.0
_EMPTY = text(
    "TRUNCATE inbox, outbox, feedback, llm_attempts, turns, messages, dialogs, users, "
    "stats_facts, stats_totals, stats_attempts, stats_latency, stats_latency_totals, "
    "stats_users, stats_activity, stats_cohorts, stats_rebuilds, erasures"
)


@dataclass(slots=True)
class Program:
    """A process of the product and what it has written."""

    module: str
    variables: dict[str, str]
    log: Path
    process: programs.Running | None = None

    def start(self) -> None:
        self.process = programs.start(
            self.module,
            variables={**os.environ, **self.variables},  # noqa: TID251 - a child inherits it
            folder=self.log.parent,  # no .env of a developer's
            output=self.log,
        )

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(45)

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@dataclass(slots=True)
class Stack:
    """Simulator and bot, with their addresses."""

    simulator: Program
    bot: Program
    base: str
    bot_url: str
    database_url: str
    clients: list[aiohttp.ClientSession] = field(default_factory=list)

    def start_bot(self) -> None:
        self.bot.start()
        wait_for(lambda: answers(f"{self.bot_url}/ready"), self.bot)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_for(happened: Callable[[], bool], program: Program) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not happened():
        assert program.is_alive, program.output
        assert time.monotonic() < deadline, program.output
        time.sleep(0.05)


@pytest.fixture
def folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-path-") as name:
        yield Path(name)


@contextmanager
def running_simulator(
    database_url: str, make_port: Callable[[], int], folder: Path
) -> Generator[Stack]:
    """A stack whose simulator runs, and whose bot can be started."""
    simulator_port, bot_port = make_port(), make_port()
    base = f"http://127.0.0.1:{simulator_port}"
    stack = Stack(
        simulator=Program(
            "simulator", {"SIMULATOR_PORT": str(simulator_port)}, folder / "simulator.log"
        ),
        bot=Program(
            "bot",
            {
                "DATABASE_URL": database_url,
                "TELEGRAM_TOKEN": "42:simulator-token",
                "TELEGRAM_API_BASE_URL": base,
                "OPENROUTER_BASE_URL": f"{base}/api/v1",
                "OPENROUTER_API_KEY": "simulator-key",
                "OPENROUTER_MODEL": "parley/demo-large",
                "OPENROUTER_FALLBACK_MODELS": "parley/demo-small",
                "BOT_PORT": str(bot_port),
                "LEASE_SECONDS": "3",
                "LOG_FORMAT": "json",
            },
            folder / "bot.log",
        ),
        base=base,
        bot_url=f"http://127.0.0.1:{bot_port}",
        database_url=database_url,
    )
    stack.simulator.start()
    try:
        wait_for(lambda: answers(base), stack.simulator)
        yield stack
    finally:
        for program in (stack.bot, stack.simulator):
            if program.is_alive:
                program.end()
            print(program.output)  # shown when a test fails


@pytest.fixture(scope="module")
def stack(module_database_url: str, make_port: Callable[[], int]) -> Generator[Stack]:
    """A product that the tests of a module share; `http` cleans it up for each."""
    with (
        tempfile.TemporaryDirectory(prefix="parley-path-") as folder,
        running_simulator(module_database_url, make_port, Path(folder)) as stack,
    ):
        yield stack


@pytest.fixture
def fresh_stack(database_url: str, make_port: Callable[[], int], folder: Path) -> Generator[Stack]:
    """A product of the test's own, to be killed and restarted."""
    with running_simulator(database_url, make_port, folder) as stack:
        yield stack


class Person:
    """Somebody who writes to the bot and looks at the chat."""

    def __init__(self, http: aiohttp.ClientSession, user: dict[str, Any]) -> None:
        self._http = http
        self.id: int = user["id"]
        self.chat_id: int = user["id"]

    async def write(self, message: str, **more: Any) -> int:
        """Send a text; returns the message's id."""
        body = {"user_id": self.id, "text": message, **more}
        sent = await call(self._http, f"/people/chats/{self.chat_id}/messages", body)
        return int(sent["message"]["message_id"])

    async def seen(self) -> list[dict[str, Any]]:
        """What the bot has written in the chat, oldest first."""
        page = await call(self._http, f"/people/chats/{self.chat_id}/messages?limit=500")
        return [message for message in page["messages"] if message["from"]["is_bot"]]

    async def react(self, message_id: int, *emoji: str) -> None:
        """Set this person's reactions to a message, all of them."""
        path = f"/people/chats/{self.chat_id}/messages/{message_id}/reaction"
        await call(self._http, path, {"user_id": self.id, "emoji": emoji})

    async def drafts(self) -> list[dict[str, Any]]:
        page = await call(self._http, f"/people/chats/{self.chat_id}/messages")
        drafts: list[dict[str, Any]] = page["drafts"]
        return drafts

    async def wait_for_answers(self, count: int = 1) -> list[str]:
        """The texts of the bot's messages, once there are as many."""

        async def enough() -> bool:
            return len(await self.seen()) >= count

        await until(enough)
        return [message.get("text", "") for message in await self.seen()]


async def press(http: aiohttp.ClientSession, person: Person, button: str, **more: Any) -> None:
    """Press the newest button with these words, or send other data for it."""
    for message in reversed(await person.seen()):
        for [one] in message.get("reply_markup", {}).get("inline_keyboard", []):
            if one["text"] == button:
                path = f"/people/chats/{person.chat_id}/messages/{message['message_id']}/press"
                body = {"user_id": person.id, "data": one["callback_data"], **more}
                await call(http, path, body)
                return
    raise AssertionError(f"no button {button!r}")


async def wait_for_words(person: Person, words: str) -> None:
    async def are_there() -> bool:
        return any(words in message.get("text", "") for message in await person.seen())

    await until(are_there)


async def until(happened: Callable[[], Awaitable[bool]], seconds: float = WAIT_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not await happened():
            await asyncio.sleep(0.03)


async def call(http: aiohttp.ClientSession, path: str, body: Any = None) -> Any:
    """GET, or POST when there is a body."""
    request = http.get(path) if body is None else http.post(path, json=body)
    async with request as response:
        assert response.ok, (response.status, await response.text())
        content = await response.read()
        return json.loads(content) if content else None


@pytest.fixture
async def http(stack: Stack) -> AsyncGenerator[aiohttp.ClientSession]:
    """A client of the simulator, which forgets former orders; the tables are emptied.

    Its model is as fast as it can be. Whatever the test did, the rollups must be what the raw rows
    say.
    """
    database = Database(stack.database_url)
    async with aiohttp.ClientSession(stack.base) as session, database.write() as writer:
        await call(session, "/script/provider/reset", {})
        async with session.delete("/script/telegram/faults"):
            pass
        await call(session, "/script/telegram/settings", {"conflict": False})
        await order_speed(session, first_token_ms=0, tokens_per_second=0)
        await writer.execute(_EMPTY)
    async with aiohttp.ClientSession(stack.base) as session:
        yield session
    outcome = await rebuild(database)
    await database.close()
    assert outcome.examples == []


async def order_speed(http: aiohttp.ClientSession, **speed: float) -> None:
    await call(http, "/script/provider/speed", {"chunk_chars": 40, **speed})


@pytest.fixture
def join(http: aiohttp.ClientSession) -> Callable[..., Awaitable[Person]]:
    async def join(**fields: Any) -> Person:
        user = await call(http, "/people/users", {"first_name": "Ann", **fields})
        return Person(http, user)

    return join


@pytest.fixture
async def query(stack: Stack) -> AsyncGenerator[Callable[..., Awaitable[list[Any]]]]:
    """Rows of the product's database."""
    database = Database(stack.database_url)

    async def query(statement: str, **values: Any) -> list[Any]:
        async with database.read() as session:
            return [tuple(row) for row in await session.execute(text(statement), values)]

    yield query
    await database.close()
