"""One run: the product or somebody's host, the crowd, and what came of it."""

import asyncio
import contextlib
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import aiohttp

from core.db.session import Database
from core.errors import StartupError
from local.load import stack
from local.load.figures import ANSWER, Figures, Orders
from local.load.usage import Usage, watched
from local.load.verdict import Outcome
from local.load.witness import hear
from local.postgres import end_with_parent

Say = Callable[[str], None]

#: beyond its time: for starting, for what is under way, for its page
_GRACE_SECONDS = 90.0
_FIRST_WORDS = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A host that runs already, and how to sign in there."""

    api: str
    account: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    analysts: int
    people: int
    #: 90 made-up days, that the statistics have something to count
    has_history: bool
    spawn_rate: float
    seconds: float
    #: folder for what is kept of the run
    report: Path
    #: None: the product is started here
    target: Target | None


async def run(options: Options, say: Say) -> tuple[Outcome, Usage]:
    options.report.mkdir(parents=True, exist_ok=True)
    if options.target:
        return await _load_host(options, options.target, say)
    with _folder() as folder, contextlib.chdir(folder):  # where there is no .env
        say("starting PostgreSQL, the simulator, the bot and the API")
        product = stack.running(folder, people=options.people, has_history=options.has_history)
        async with product as running:
            try:
                return await _load_product(options, running, say)
            finally:
                log = folder / "programs.log"
                (options.report / log.name).write_bytes(log.read_bytes())


async def _load_product(
    options: Options, running: stack.Running, say: Say
) -> tuple[Outcome, Usage]:
    orders = _orders(options, running.api, stack.ACCOUNTS, running.password).model_copy(
        update={"simulator": running.simulator, "people": running.people}
    )
    figures, usage = await _send_crowd(orders, options, say)
    ended = running.ended
    if not running.people or "simulator" in ended:
        return Outcome(figures=figures, ended=ended), usage
    say("asking the chats whether each question was answered once")
    database = Database(running.database_url)
    try:
        async with aiohttp.ClientSession(running.simulator) as http:
            replies = defaultdict[str, str](lambda: ANSWER)
            answers = await hear(database, http, running.people, replies)
    finally:
        await database.close()
    return Outcome(figures=figures, answers=answers, ended=ended), usage


async def _load_host(options: Options, target: Target, say: Say) -> tuple[Outcome, Usage]:
    await _require_account(target)
    orders = _orders(options, target.api, (target.account,), target.password)
    figures, usage = await _send_crowd(orders, options, say)
    return Outcome(figures=figures), usage


async def _require_account(target: Target) -> None:
    """One who is not let in would be locked out by a crowd of tries."""
    name, password = target.account, target.password
    headers = {"Authorization": aiohttp.encode_basic_auth(name, password, encoding="utf-8")}
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=_FIRST_WORDS) as http,
            http.get(f"{target.api}/api/v1/auth/me", allow_redirects=False) as response,
        ):
            if response.status != HTTPStatus.OK:
                raise StartupError(f"{target.api} does not let {name} in: {response.status}.")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise StartupError(f"{target.api} does not answer: {type(error).__name__}.") from None


def _orders(options: Options, api: str, accounts: tuple[str, ...], password: str) -> Orders:
    return Orders(
        api=api,
        accounts=accounts,
        password=password,
        analysts=options.analysts,
        spawn_rate=options.spawn_rate,
        seconds=options.seconds,
        page=options.report / "report.html",
    )


async def _send_crowd(orders: Orders, options: Options, say: Say) -> tuple[Figures, Usage]:
    say(
        f"{orders.analysts} analysts and {len(orders.people)} people come, {orders.spawn_rate:g} a "
        f"second, and stay until {orders.seconds:g} s are over"
    )
    log = options.report / "locust.log"
    with log.open("wb") as words:
        crowd = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "local.load.crowd"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        async with watched() as usage, asyncio.timeout(orders.seconds + _GRACE_SECONDS):
            told, _ = await crowd.communicate(orders.model_dump_json().encode())
    except TimeoutError:
        raise StartupError(f"locust did not come to an end: {log} says why.") from None
    finally:
        if crowd.returncode is None:
            crowd.kill()
            await crowd.wait()
    if crowd.returncode:
        raise StartupError(f"locust ended with {crowd.returncode}: {log} says why.")
    return Figures.model_validate_json(told), usage


@contextmanager
def _folder() -> Generator[Path]:
    """A folder that also the user can reach who runs PostgreSQL when root measures."""
    with tempfile.TemporaryDirectory(prefix="parley-load-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)
