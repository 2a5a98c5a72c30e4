"""The whole product on this machine, in the simulator, for as long as it is under load.

As `make demo` starts it, but for: a database of its own with made-up history, the settings of
production, no flood limits of Telegram, a model of constant speed, and a limit of the API that
nobody reaches.
"""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from api.accounts import store
from api.accounts.passwords import make_context
from core.db import migrate
from core.db.session import Database
from core.settings import Settings
from local.bench_stats.endpoint import free_port
from local.load.figures import ANSWER
from local.plan import Program, make_plan
from local.postgres import EmbeddedPostgres
from local.replay.run import Silent
from local.supervisor import Supervisor
from simulator.history import generate

#: of the model: the first token, and all of the answer
FIRST_TOKEN_MS, TOKENS_PER_SECOND = 300, 100
ACCOUNTS = tuple(f"analyst-{number}" for number in range(1, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    api: str
    password: str
    simulator: str
    people: tuple[int, ...]
    database_url: str
    supervisor: Supervisor

    @property
    def ended(self) -> list[str]:
        """Programs that should run and do not."""
        return [child.program.name for child in self.supervisor.children if not child.is_alive]


@asynccontextmanager
async def running(folder: Path, *, people: int, has_history: bool) -> AsyncGenerator[Running]:
    """With so many people in the simulator. What the programs say is in `programs.log`."""
    with EmbeddedPostgres(folder / "postgres", port=free_port()) as postgres:
        url = postgres.url()
        await migrate.upgrade(url)
        if has_history:
            await generate(url)
        password = await _add_accounts(url)
        settings = _settings()
        simulator = f"http://127.0.0.1:{(port := free_port())}"
        plan = make_plan(settings, database_url=url, simulator_port=port)
        programs = [_adjusted(program, settings) for program in plan.programs]
        supervisor = Supervisor(programs, Silent(folder / "programs.log"))
        try:
            await supervisor.start()
            yield Running(
                api=f"http://127.0.0.1:{settings.api_port}",
                password=password,
                simulator=simulator,
                people=await _populate(simulator, people),
                database_url=url,
                supervisor=supervisor,
            )
        finally:
            await supervisor.stop()


def _settings() -> Settings:
    return Settings.model_validate(
        {
            "environment": "production",
            "bot_port": free_port(),
            "api_port": free_port(),
            "metrics_port": free_port(),
        }
    )


def _adjusted(program: Program, settings: Settings) -> Program:
    program.variables.update(
        ENVIRONMENT="production",
        BOT_PORT=str(settings.bot_port),
        API_PORT=str(settings.api_port),
        METRICS_PORT=str(settings.metrics_port),
        STATS_API_RATE_LIMIT="1000000/second",
        TELEGRAM_CALLS_PER_SECOND="0",
        DRAIN_SECONDS="5",
        LOG_FORMAT="json",
    )
    return program


async def _add_accounts(url: str) -> str:
    """The one password of all of them."""
    password = secrets.token_urlsafe(24)
    password_hash = make_context().hash(password)
    database = Database(url, pool_size=1, max_overflow=0)
    try:
        async with database.write() as session:
            for name in ACCOUNTS:
                await store.add_account(session, name, password_hash=password_hash, role="analyst")
    finally:
        await database.close()
    return password


async def _populate(simulator: str, people: int) -> tuple[int, ...]:
    """Give the model its words, and let people join."""
    speed = {"first_token_ms": FIRST_TOKEN_MS, "tokens_per_second": TOKENS_PER_SECOND}
    orders = (
        ("provider/replies", {"default": ANSWER}),
        ("provider/speed", speed),
        ("telegram/settings", {"flood_limits": "off"}),
    )
    ids = []
    async with aiohttp.ClientSession(simulator, raise_for_status=True) as http:
        for path, order in orders:
            async with http.post(f"/script/{path}", json=order):
                pass
        for number in range(1, people + 1):
            person = {"first_name": f"Person {number}", "language_code": "en"}
            async with http.post("/people/users", json=person) as response:
                ids.append(int((await response.json())["id"]))
    return tuple(ids)
