"""One replay: the programs, the people, and the verdict."""

import asyncio
import random
import socket
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from core.db import migrate
from core.db.session import Database
from core.settings import Settings
from local.plan import make_plan
from local.postgres import EmbeddedPostgres
from local.replay.material import Material
from local.replay.oracle import Verdict, judge, model_times, states, unfinished
from local.replay.people import Chat, People
from local.replay.table import print_table
from local.supervisor import Child, Supervisor
from local.terminal import Terminal

#: seconds between the kills of a run
KILL_AFTER = (4.0, 12.0)
#: shorter than in production, so that a run with kills does not consist of waiting
LEASE_SECONDS = 4
SETTLE_SECONDS = 120.0


@dataclass(slots=True)
class Killer:
    """Kills the bot at random moments and starts it again at once."""

    bot: Child
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - repeatable
    kills: int = 0

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(*KILL_AFTER))
            self.bot.kill()
            await self.bot.wait()
            self.kills += 1
            await self.bot.start()


class Silent(Terminal):
    """Programs write into a file: a replay has thousands of lines."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file = path.open("w", encoding="utf-8")

    def line(self, name: str, line: str) -> None:
        self._file.write(f"{name} {line}\n")


async def replay(material: Material, *, at_once: int, is_killed: bool) -> Verdict:
    """Run the material through the whole path and print the table of what the people saw."""
    with (
        _open_folder() as folder,
        EmbeddedPostgres(folder / "postgres", port=_free_port()) as postgres,
    ):
        await migrate.upgrade(postgres.url())
        return await _replay(material, postgres.url(), at_once, is_killed=is_killed)


@contextmanager
def _open_folder() -> Generator[Path]:
    """A folder that also the user can reach who runs PostgreSQL when root replays."""
    with tempfile.TemporaryDirectory(prefix="parley-replay-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def _replay(material: Material, url: str, at_once: int, *, is_killed: bool) -> Verdict:
    log = Path(tempfile.gettempdir()) / f"parley-replay-{'killed' if is_killed else 'calm'}.log"
    supervisor, base = _programs(url, Silent(log))
    database = Database(url)
    try:
        async with aiohttp.ClientSession(read_bufsize=2**20) as http:
            await supervisor.children[0].start()
            await supervisor.children[0].wait_until_ready()
            await _prepare(http, base, material)
            bot = supervisor.children[1]
            await bot.start()
            await bot.wait_until_ready()
            people = People(http, base)
            chats = await people.join(material.scripts)
            killer = Killer(bot)
            started = time.monotonic()
            async with people.watching(), _killing(killer, is_killed=is_killed):
                await people.write_all(chats, at_once=at_once)
            seconds = time.monotonic() - started
            await _settle(database)
            verdict = await _judge(database, people, chats, material)
            async with database.read() as session:
                ended = await states(session)
                model_ms = await model_times(session)
            print_table(
                "with kills" if is_killed else "calm",
                verdict,
                chats,
                ended=ended,
                seconds=seconds,
                kills=killer.kills,
                at_once=at_once,
                model_ms=model_ms,
            )
            return verdict
    finally:
        await database.close()
        await supervisor.stop()


async def _judge(
    database: Database, people: People, chats: list[Chat], material: Material
) -> Verdict:
    seen = {}
    for chat in chats:
        messages = await people.seen(chat)
        seen[chat.user_id] = [m.get("text", "") for m in messages if m["from"]["is_bot"]]
    async with database.read() as session:
        return await judge(session, chats, seen, material.replies)


async def _prepare(http: aiohttp.ClientSession, base: str, material: Material) -> None:
    """Teach the provider the replies, and let both be as fast as they can."""
    replies = [{"exact": question, "text": text} for question, text in material.replies.items()]
    orders = (
        ("provider/replies", {"replies": replies}),
        (
            "provider/speed",
            {"first_token_ms": 0, "tokens_per_second": 0, "chunk_chars": 100},
        ),
        ("telegram/settings", {"flood_limits": "off"}),
    )
    for path, order in orders:
        async with http.post(f"{base}/script/{path}", json=order, raise_for_status=True):
            pass


@asynccontextmanager
async def _killing(killer: Killer, *, is_killed: bool) -> AsyncGenerator[None]:
    if not is_killed:
        yield
        return
    async with asyncio.TaskGroup() as tasks:
        killing = tasks.create_task(killer.run())
        try:
            yield
        finally:
            killing.cancel()
    if not killer.bot.is_alive:
        await killer.bot.start()


async def _settle(database: Database) -> None:
    """Until every row has its final state, or there is no hope of it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_SECONDS):
            while True:
                async with database.read() as session:
                    if not await unfinished(session):
                        return
                await asyncio.sleep(0.2)


def _programs(url: str, terminal: Terminal) -> tuple[Supervisor, str]:
    port = _free_port()
    settings = Settings.model_validate({"bot_port": _free_port()})
    plan = make_plan(settings, database_url=url, simulator_port=port)
    programs = []
    for program in plan.programs:
        if program.name == "bot":
            program.variables.update(
                BOT_PORT=str(settings.bot_port), LEASE_SECONDS=str(LEASE_SECONDS)
            )
            program.variables["TELEGRAM_CALLS_PER_SECOND"] = "0"
            # the longest of the real answers shall not reach a limit
            program.variables["MAX_ANSWER_TOKENS"] = "32000"
        if program.name != "api":
            programs.append(program)
    return Supervisor(programs, terminal), f"http://127.0.0.1:{port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
