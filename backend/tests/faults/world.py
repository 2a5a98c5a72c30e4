"""What a fault happens to: bots, a database, the simulated outside, and cables between."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import aiohttp
import programs
from databases import Server
from proxy import Proxy
from sqlalchemy import text

from core.db.session import Database

from ..conftest import Person, Program, call, press, until
from .oracle import Forgiven, Oracle

LEASE_SECONDS = 3.0
#: what a lost worker's turn may take beyond its lease
RECOVERY_SECONDS = 2.0
LARGE, SMALL = "parley/demo-large", "parley/demo-small"
UNFINISHED = """
    SELECT (SELECT count(*) FROM inbox WHERE state IN ('pending', 'running'))
         + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'))
         + (SELECT count(*) FROM turns
            WHERE state IN ('received', 'generating', 'ready', 'waiting_provider'))
"""

T = TypeVar("T")


class Chance(random.Random):
    """What varies from run to run."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.number = seed

    def each(self, *choices: T) -> T:
        """One after the other, so that as many seeds see them all."""
        return choices[self.number % len(choices)]


@dataclass(slots=True)
class Asked:
    person: Person
    question: str
    message_id: int
    answer: str
    at: float


@dataclass(slots=True, kw_only=True)
class World:
    """Nothing has happened yet when it is entered; its programs end with it."""

    #: address of the simulator
    base: str
    database_url: str
    folder: Path
    make_port: Callable[[], int]
    chance: Chance
    #: of the soak
    turns: int
    #: whether it counts how long things take: not among other tests
    is_timed: bool
    http: aiohttp.ClientSession = field(init=False)
    database: Database = field(init=False)
    cables: AsyncExitStack = field(default_factory=AsyncExitStack)
    people: list[Person] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    forgiven: Forgiven = field(default_factory=Forgiven)
    #: of every bot that is started from now on
    variables: dict[str, str] = field(default_factory=dict)
    _questions: int = 0

    async def __aenter__(self) -> Self:
        self.http = await self.cables.enter_async_context(aiohttp.ClientSession(self.base))
        await self.move_to(self.database_url)
        await self.call("/script/reset", {})
        await self.speed(first_token_ms=0, tokens_per_second=0)
        return self

    async def __aexit__(self, *_: object) -> None:
        for program in self.programs:
            if program.process and program.is_alive:
                program.process.kill()
                await asyncio.to_thread(program.process.wait, 10)
            print(program.output[-20_000:])  # shown when a test fails
        await self.cables.aclose()

    async def move_to(self, database_url: str) -> None:
        """From now on bots are started with this database, and it is asked."""
        self.database_url = database_url
        self.database = Database(database_url, pool_size=2)
        self.cables.push_async_callback(self.database.close)

    @property
    def journal(self) -> Path:
        """Where bots note the failpoints that they reach."""
        return self.folder / "journal"

    # --- programs ---

    async def start(self, **variables: str) -> Program:
        """Another bot; `failpoints="part_claimed:kill"` and other settings are its own."""
        given = {name.upper(): value for name, value in variables.items()}
        bot = Program("bot", self._setup() | given, self.folder / f"bot-{len(self.programs)}.log")
        self.programs.append(bot)
        await asyncio.to_thread(bot.start)
        await self.until(lambda: self._has_started(bot))
        return bot

    @asynccontextmanager
    async def bot(self, **variables: str) -> AsyncGenerator[Program]:
        """One that has no past, and ends with the block."""
        bot = await self.start(**variables)
        yield bot
        assert await self.end(bot) == 0

    async def killed(self, bot: Program, *, seconds: float = 30) -> float:
        """Wait until a failpoint has killed it; returns the moment."""
        process = bot.process
        assert process is not None
        async with asyncio.timeout(seconds):
            while process.poll() is None:
                await asyncio.sleep(0.005)
        assert process.poll() == -signal.SIGKILL, bot.output
        return time.monotonic()

    async def has_reached(self, point: str) -> bool:
        """Whether any bot has."""
        return self.journal.exists() and point in self.journal.read_text(encoding="ascii").split()

    async def end(self, bot: Program, number: signal.Signals = signal.SIGTERM) -> int:
        return await asyncio.to_thread(bot.end, number)

    async def cable(self, url: str) -> tuple[Proxy, str]:
        """A proxy before the server at an address, and the address of the proxy."""
        there, port = urlsplit(url), self.make_port()
        assert there.hostname
        proxy = Proxy(port, (there.hostname, there.port or 5432))
        await self.cables.enter_async_context(proxy)
        return proxy, url.replace(there.netloc.rpartition("@")[2], f"127.0.0.1:{port}")

    def _setup(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "TELEGRAM_TOKEN": "42:simulator-token",
            "TELEGRAM_API_BASE_URL": self.base,
            "OPENROUTER_BASE_URL": f"{self.base}/api/v1",
            "OPENROUTER_API_KEY": "simulator-key",
            "OPENROUTER_MODEL": LARGE,
            "OPENROUTER_FALLBACK_MODELS": SMALL,
            "BOT_PORT": str(self.make_port()),
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "FIRST_TOKEN_TIMEOUT": "1.5",
            "IDLE_TIMEOUT": "1.5",
            "TURN_TIMEOUT": "20",
            "LOG_FORMAT": "json",
            "ENVIRONMENT": "development",
            "FAILPOINTS_JOURNAL": str(self.journal),
            **self.variables,
        }

    async def start_api(self, **variables: str) -> Program:
        ports = {"API_PORT": str(self.make_port()), "METRICS_PORT": str(self.make_port())}
        setup = {"DATABASE_URL": self.database_url, **ports, **variables}
        api = Program("api", setup, self.folder / f"api-{len(self.programs)}.log")
        self.programs.append(api)
        await asyncio.to_thread(api.start)
        await self.until(lambda: self._answers(api, f"http://127.0.0.1:{ports['API_PORT']}/ready"))
        return api

    @asynccontextmanager
    async def empty_database(self) -> AsyncGenerator[str]:
        """The address of one without a schema."""
        server = Server(self.database_url)
        url = await server.create()
        yield url
        await server.drop(url)

    async def manage(self, url: str, word: str, **variables: str) -> int:
        """`python -m core.db word` on a database; returns its exit code."""
        setup = {
            **os.environ,  # noqa: TID251 - inherited
            "DATABASE_URL": url,
            "ENVIRONMENT": "development",
            "FAILPOINTS_JOURNAL": str(self.journal),
            **variables,
        }
        run = partial(programs.run, "core.db", word, folder=self.folder, variables=setup)
        return (await asyncio.to_thread(run)).returncode

    async def _has_started(self, bot: Program) -> bool:
        """Ready alone it is before it receives."""
        return '"bot_started"' in bot.output and await self.is_ready(bot)

    async def is_ready(self, bot: Program) -> bool:
        return await self._answers(bot, f"{self.address(bot)}/ready")

    async def _answers(self, program: Program, url: str) -> bool:
        assert program.is_alive, program.output
        try:
            async with self.http.get(url, timeout=aiohttp.ClientTimeout(total=8)) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def metrics(self, bot: Program) -> str:
        async with self.http.get(f"{self.address(bot)}/metrics") as response:
            return await response.text()

    @staticmethod
    def address(bot: Program) -> str:
        """Where it tells how it is."""
        return f"http://127.0.0.1:{bot.variables['BOT_PORT']}"

    # --- people ---

    async def join(self, **fields: Any) -> Person:
        user = await self.call("/people/users", {"first_name": "Ann", **fields})
        person = Person(self.http, user)
        self.people.append(person)
        return person

    async def join_group(self, *people: Person) -> None:
        """A group in which these people write from now on."""
        members = {"title": "Friends", "user_ids": [person.id for person in people]}
        group = await self.call("/people/groups", members)
        for person in people:
            person.chat_id = group["id"]

    async def ask(
        self, person: Person, answer: str | None = None, *, begun: str | None = None
    ) -> Asked:
        """Put a question that nobody has put before, and whose answer nobody else gets.

        With `begun` the larger model says that instead, and the smaller one the answer.
        """
        self._questions += 1
        called = "@parley_bot " if person.chat_id < 0 else ""
        question = f"{called}Question {self._questions}?"
        if answer is None:
            answer = f"Answer {self._questions}, for {person.id}."
        replies = [{"exact": question, "text": answer}]
        if begun is not None:
            replies = [{**replies[0], "text": begun, "model": LARGE}, *replies]
        await self.call("/script/provider/replies", {"replies": replies})
        message_id = await person.write(question)
        return Asked(person, question, message_id, answer.strip(), time.monotonic())

    def long_answer(self, parts: int = 3) -> str:
        """One that takes so many messages, and of which each word is there once."""
        return " ".join(f"word{number:05}" for number in range(int(parts * 4096 / 10 * 0.9)))

    async def answered(self, asked: Asked, *, seconds: float = 30) -> float:
        """Wait until the whole answer can be seen; returns the moment."""

        async def is_there() -> bool:
            return asked.answer in " ".join(await self.texts(asked.person))

        await self.until(is_there, seconds=seconds)
        return time.monotonic()

    async def texts(self, person: Person) -> list[str]:
        return [message.get("text", "") for message in await person.seen()]

    async def draft_is_seen(self, person: Person) -> None:
        """Wait until some of an answer can be read."""

        async def has_text() -> bool:
            return any(draft["text"] for draft in await person.drafts())

        await self.until(has_text)

    async def erase(self, person: Person) -> float:
        """Have everything of a person erased, as they would themselves; returns the moment."""
        self.forgiven.erased.add(person.id)
        await person.write("/delete")

        async def is_asked() -> bool:
            return any(message.get("reply_markup") for message in await person.seen())

        await self.until(is_asked)
        pressed = time.monotonic()
        await self.press(person, "Erase everything")
        return pressed

    async def edit(self, asked: Asked, words: str) -> None:
        path = f"/people/chats/{asked.person.chat_id}/messages/{asked.message_id}/edit"
        await self.call(path, {"user_id": asked.person.id, "text": words})

    async def press(self, person: Person, button: str) -> None:
        await press(self.http, person, button)

    async def copies(self, asked: Asked) -> int:
        return sum(asked.answer == words for words in await self.texts(asked.person))

    # --- orders ---

    async def call(self, path: str, body: Any = None) -> Any:
        return await call(self.http, path, body)

    async def provider_fault(self, **fault: Any) -> None:
        await self.call("/script/provider/faults", fault)

    async def telegram_fault(self, **fault: Any) -> None:
        await self.call("/script/telegram/faults", fault)

    async def heal_provider(self) -> None:
        async with self.http.delete("/script/provider/faults"):
            pass

    async def heal_telegram(self) -> None:
        async with self.http.delete("/script/telegram/faults"):
            pass

    async def inject(self, *updates: Any) -> None:
        await self.call("/script/telegram/updates", {"updates": list(updates)})

    async def speed(self, **speed: float) -> None:
        await self.call("/script/provider/speed", {"chunk_chars": 40, **speed})

    async def model_calls(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = await self.call("/script/provider/calls")
        return calls

    async def telegram_calls(self, method: str) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = await self.call(f"/script/telegram/calls?method={method}")
        return calls

    # --- what is there ---

    async def query(self, statement: str, **values: Any) -> list[Any]:
        async with self.database.write() as session:
            result = await session.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def value(self, statement: str, **values: Any) -> Any:
        [(value,)] = await self.query(statement, **values)
        return value

    async def until(self, happened: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
        await until(happened, seconds)

    async def until_rows(
        self, expected: Sequence[Any], statement: str, seconds: float = 30
    ) -> None:
        async def is_so() -> bool:
            return await self.query(statement) == list(expected)

        try:
            await until(is_so, seconds)
        except TimeoutError:
            assert await self.query(statement) == list(expected)

    async def settled(self, *, seconds: float = 40) -> None:
        """Until every question has its turn, and nothing waits for anything."""

        async def is_settled() -> bool:
            turns = await self.value("SELECT count(*) FROM turns")
            return turns >= self._questions - len(self.forgiven.unknown) and not await self.value(
                UNFINISHED
            )

        await until(is_settled, seconds)

    async def oracle(self) -> Oracle:
        chats = {}
        for chat_id in {chat for person in self.people for chat in (person.id, person.chat_id)}:
            page = await self.call(f"/people/chats/{chat_id}/messages?limit=100000")
            chats[chat_id] = page["messages"]
        return Oracle(
            database=self.database,
            chats=chats,
            calls=await self.model_calls(),
            logs=[program.output for program in self.programs],
            forgiven=self.forgiven,
        )
