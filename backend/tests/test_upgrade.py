"""A release that takes the place of the one before, while people ask and analysts look.

In the order of docs/guides/production.md: expand the schema, start the new bot beside the old one,
stop the old one, then the same with the API.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

import core.migrations
from api.accounts import store
from api.accounts.passwords import make_context
from core.db import migrate
from core.db.session import Database
from local.load.witness import hear

from .conftest import (
    WAIT_SECONDS,
    Person,
    Program,
    Stack,
    answers,
    call,
    order_speed,
    until,
    wait_for,
)

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[object]]]

#: stop_grace_period of docker-compose.prod.yml
BOT_GRACE_SECONDS, API_GRACE_SECONDS = 40, 20
PASSWORD = "four quiet herons wade"
ANSWER = "An answer like many others."
STORY = "A story, please"
TOLD = "Once upon a time. " * 30


class Started(NamedTuple):
    program: Program
    url: str


#: what the next release adds: each in a transaction of its own, to tables of every question
NEXT = (
    *(
        f'op.add_column("{table}", sa.Column("of_the_next_release", sa.Text(), nullable=True))'
        for table in ("inbox", "turns", "messages", "outbox", "api_sessions")
    ),
    'op.create_table("reminders", sa.Column("turn_id", sa.Uuid(), sa.ForeignKey("turns.id")))',
)
CALLS_FOR_THE_STORY = """
    SELECT llm_attempts.outcome
    FROM llm_attempts
    JOIN turns ON turns.id = llm_attempts.turn_id
    JOIN messages ON messages.id = turns.question_id
    WHERE messages.content LIKE 'A story%'
    ORDER BY llm_attempts.created_at
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = {revision!r}, {before!r}, None, None


def upgrade():
    op.execute("SET LOCAL lock_timeout = '5s'")
    {statement}
"""


@pytest.fixture
def stack(fresh_stack: Stack) -> Stack:
    return fresh_stack


async def expand(url: str, folder: Path) -> None:
    """Apply the migrations of a release after this one, which exists here alone."""
    before = migrate.newest_revision()
    for number, statement in enumerate(NEXT):
        revision = f"next{number:08}"
        words = MIGRATION.format(revision=revision, before=before, statement=statement)
        (folder / f"{revision}.py").write_text(words)
        before = revision

    def up(config: Config) -> None:
        ours = Path(core.migrations.__path__[0]) / "versions"
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", f"{ours}{os.pathsep}{folder}")
        command.upgrade(config, "head")

    while True:
        try:
            return await migrate._run(url, up)
        except DBAPIError as error:
            if "lock timeout" not in str(error):  # else run it again, as the template says
                raise


@dataclass(slots=True)
class Crowd:
    """People who ask without end; every second one does not wait for the answer."""

    people: list[Person]
    answered: dict[int, int] = field(default_factory=dict)
    is_over: bool = False

    @asynccontextmanager
    async def asking(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as tasks:
            for number, person in enumerate(self.people):
                tasks.create_task(self._ask(person, at_once=1 + number % 2))
            yield
            self.is_over = True

    async def _ask(self, person: Person, *, at_once: int) -> None:
        asked = 0
        while not self.is_over:
            for _ in range(at_once):
                asked += 1
                await person.write(f"Question {asked} of mine")
            await self._hear(person, asked)

    async def _hear(self, person: Person, count: int) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while self.answered.get(person.id, 0) < count:
                await asyncio.sleep(0.1)
                self.answered[person.id] = len(await person.seen())

    async def goes_on(self) -> None:
        """Until everybody has been answered a question that nobody had asked yet."""
        before = dict(self.answered)

        async def has_gone_on() -> bool:
            return all(
                self.answered.get(person.id, 0) > before.get(person.id, 0) + 2
                for person in self.people
            )

        await until(has_gone_on)


@dataclass(slots=True)
class Door:
    """Asks the API all the time, as nginx would: the next address where one does not answer."""

    addresses: list[str]
    http: aiohttp.ClientSession
    asked: int = 0
    #: what was asked while nobody answered it well
    closed: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def asking(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(self._ask())
            yield
            asking.cancel()

    async def sign_in(self) -> None:
        """A session, which has to outlive the API that opened it."""
        headers = {"Authorization": aiohttp.encode_basic_auth("ada", PASSWORD)}
        url = f"{self.addresses[0]}/api/v1/auth/session"
        async with self.http.post(url, headers=headers) as response:
            assert response.status == 201, await response.text()
            self.http.headers["Cookie"] = response.headers["Set-Cookie"].partition(";")[0]

    async def goes_on(self) -> None:
        before = self.asked

        async def has_gone_on() -> bool:
            return self.asked > before + 4

        await until(has_gone_on)

    async def _ask(self) -> None:
        while True:
            for path in ("/ready", "/api/v1/stats?period=day"):
                met = [await self._get(address + path) for address in tuple(self.addresses)]
                self.asked += 1
                if 200 not in met or not set(met) <= {200, None}:
                    self.closed.append(f"{path}: {met}")
            await asyncio.sleep(0.1)  # probes have a limit, too

    async def _get(self, url: str) -> int | None:
        """None where nobody answers, which sends nginx to the next address."""
        try:
            async with self.http.get(url) as response:
                await response.read()
                return response.status
        except aiohttp.ClientError:
            return None


@pytest.fixture
async def crowd(join: Join, http: aiohttp.ClientSession) -> Crowd:
    order = {"default": ANSWER, "replies": [{"exact": STORY, "text": TOLD}]}
    await call(http, "/script/provider/replies", order)
    await call(http, "/script/telegram/settings", {"flood_limits": "off"})
    await order_speed(http, first_token_ms=100, tokens_per_second=100)
    return Crowd([await join(first_name=f"Person {number}") for number in range(6)])


@pytest.fixture
def start(
    stack: Stack, make_port: Callable[[], int], folder: Path
) -> Generator[Callable[..., Awaitable[Started]]]:
    """Starts another process of a program beside the first, and waits until it is ready."""
    programs: list[Program] = []

    async def start(module: str, **variables: str) -> Started:
        port = make_port()
        changed = {
            f"{module.upper()}_PORT": str(port),
            "METRICS_PORT": str(make_port()),
            "LEASE_SECONDS": "15",  # as in production: nobody dies here
            "STATS_API_RATE_LIMIT": "100000/minute",
            # the crowd takes all of Telegram's limit, and leaves nothing to a preview
            "TELEGRAM_CALLS_PER_SECOND": "0",
        }
        log = folder / f"{module}-{port}.log"
        program = Program(module, {**stack.bot.variables, **changed, **variables}, log)
        programs.append(program)
        program.start()
        url = f"http://127.0.0.1:{port}"
        await asyncio.to_thread(wait_for, lambda: answers(f"{url}/ready"), program)
        return Started(program, url)

    yield start
    for program in programs:
        if program.is_alive:
            program.end()
        print(program.output)


@pytest.fixture
async def door(database_url: str) -> AsyncGenerator[Door]:
    database = Database(database_url)
    async with database.write() as session:
        password_hash = make_context().hash(PASSWORD)
        await store.add_account(session, "ada", password_hash=password_hash, role="analyst")
    await database.close()
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        yield Door([], http)


async def stop(program: Program, *, seconds: int) -> int:
    """Tell it to end as Docker does; returns its code, or raises when it would be killed."""
    assert program.process
    program.process.terminate()
    return await asyncio.to_thread(program.process.wait, seconds)


async def test_an_upgrade_answers_each_question_once_and_never_closes_the_door(
    stack: Stack,
    crowd: Crowd,
    door: Door,
    join: Join,
    http: aiohttp.ClientSession,
    query: Query,
    start: Callable[..., Awaitable[Started]],
) -> None:
    old_bot, old_api = await asyncio.gather(start("bot", DRAIN_SECONDS="0.5"), start("api"))
    door.addresses.append(old_api.url)
    await door.sign_in()
    async with crowd.asking(), door.asking():
        await crowd.goes_on()
        await expand(stack.database_url, stack.bot.log.parent)
        await crowd.goes_on()

        listener = await join(first_name="Shahriyar")
        await begin_a_long_story(http, listener)
        next_bot = await start("bot")
        assert await stop(old_bot.program, seconds=BOT_GRACE_SECONDS) == 0
        await crowd.goes_on()

        next_api = await start("api")
        door.addresses.append(next_api.url)
        await door.goes_on()
        assert await stop(old_api.program, seconds=API_GRACE_SECONDS) == 0
        await door.goes_on()

    people = [person.id for person in (*crowd.people, listener)]
    database = Database(stack.database_url)
    verdict = await hear(database, http, people, defaultdict(lambda: ANSWER, {STORY: TOLD}))
    await database.close()
    assert verdict.is_clean, verdict
    assert verdict.answered == verdict.questions == verdict.messages
    assert await query(CALLS_FOR_THE_STORY) == [("stopped",), ("answered",)]
    assert door.closed == []
    assert next_bot.program.process
    assert await query("SELECT pid FROM bot_processes") == [(next_bot.program.process.pid,)]
    assert await query("SELECT version_num FROM alembic_version") == [(f"next{len(NEXT) - 1:08}",)]


async def begin_a_long_story(http: aiohttp.ClientSession, listener: Person) -> None:
    """Ask for what the first model to hear of it takes more than a minute to say."""
    await call(http, "/script/provider/faults", {"kind": "slow", "match": STORY, "delay_ms": 5000})
    await listener.write(STORY)

    async def has_begun() -> bool:
        return any(draft["text"] for draft in await listener.drafts())

    await until(has_begun)
