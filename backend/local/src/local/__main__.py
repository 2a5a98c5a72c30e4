"""`python -m local up | demo`: all of Parley in one terminal."""

import argparse
import asyncio
import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

from core.db import migrate
from core.db.session import Database
from core.errors import StartupError
from core.net import require_free_port
from core.settings import Settings, load
from core.stats.rebuild import are_missing, rebuild
from local.plan import make_plan
from local.postgres import EmbeddedPostgres
from local.supervisor import Supervisor
from local.terminal import Terminal

DEFAULT_DATA = ".parley"
_DASHBOARD = Path(__file__).parents[4] / "frontend" / "dist"
DEFAULT_PG_PORT = 54329
DEFAULT_SIMULATOR_PORT = 8090


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=["up", "demo"])
    arguments = parser.parse_args()
    try:
        asyncio.run(up(demo=arguments.command == "demo"))
    except StartupError as error:
        sys.exit(f"parley: {str(error).removeprefix('parley ')}")


async def up(*, demo: bool) -> None:
    """Start everything, say where it is, and run until told to stop."""
    told = _listen_for_the_end()
    settings = load()
    terminal = Terminal()
    data = _data_folder()
    with ExitStack() as stack:
        postgres = _postgres(settings, data)
        url = settings.require_database_url() if postgres is None else postgres.url()
        plan = make_plan(
            settings,
            database_url=url,
            simulator_port=_port("SIMULATOR_PORT", DEFAULT_SIMULATOR_PORT),
            simulator_state=data / "simulator.json",
            dashboard=_DASHBOARD if (_DASHBOARD / "index.html").is_file() else None,
            demo=demo,
        )
        supervisor = Supervisor(plan.programs, terminal)
        supervisor.require_free_ports()
        if postgres:
            stack.enter_context(postgres)
        await _migrate(url)
        await _fill_rollups(url, terminal)
        if demo:
            await _add_history(url, terminal)
        rows = [*plan.addresses, _where(postgres), *await _sign_in(postgres, url)]
        stack.callback(supervisor.kill)
        await _run(supervisor, rows, told, terminal)


async def _run(
    supervisor: Supervisor,
    rows: list[tuple[str, str]],
    told: asyncio.Event,
    terminal: Terminal,
) -> None:
    try:
        async with asyncio.TaskGroup() as tasks:
            end = tasks.create_task(told.wait())
            start = tasks.create_task(supervisor.start())
            await asyncio.wait({end, start}, return_when=asyncio.FIRST_COMPLETED)
            if start.done() and not start.exception():
                terminal.summary("Parley is up", [*rows, ("stop", "Ctrl-C")])
                watch = tasks.create_task(supervisor.watch())
                await told.wait()
                watch.cancel()
            start.cancel()
            end.cancel()
    except ExceptionGroup as group:
        await supervisor.stop()
        raise group.exceptions[0] from None
    terminal.note("stopping")
    await supervisor.stop()
    terminal.note("stopped")


def _listen_for_the_end() -> asyncio.Event:
    """The first signal asks for the end, the second one does not ask."""
    told = asyncio.Event()

    def on_signal() -> None:
        if told.is_set():
            os._exit(130)  # the children are told by the kernel
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    return told


def _postgres(settings: Settings, data: Path) -> EmbeddedPostgres | None:
    if settings.database_url is not None:
        return None
    port = _port("PARLEY_PG_PORT", DEFAULT_PG_PORT)
    require_free_port("PARLEY_PG_PORT", "127.0.0.1", port)
    return EmbeddedPostgres(data / "postgres", port=port)


async def _migrate(url: str) -> None:
    try:
        await migrate.upgrade(url)
    except OSError:
        raise StartupError(
            "DATABASE_URL: the database does not answer: check the address, and that "
            "PostgreSQL runs."
        ) from None


async def _fill_rollups(url: str, terminal: Terminal) -> None:
    """Dialogs of a release that kept no statistics get theirs."""
    database = Database(url, pool_size=2, max_overflow=0)
    try:
        if await are_missing(database):
            terminal.note("counting what was said before there were statistics")
            await rebuild(database)
    finally:
        await database.close()


async def _add_history(url: str, terminal: Terminal) -> None:
    from simulator.history import generate  # noqa: PLC0415 - only a demonstration needs it

    added = await generate(url)
    if added:
        terminal.note(f"{added} days of history were made up")


async def _sign_in(postgres: EmbeddedPostgres | None, url: str) -> list[tuple[str, str]]:
    """The first account, in a database of our own that has none."""
    if postgres is None:
        return []
    from local.account import NAME, add_first_account  # noqa: PLC0415 - hashing takes its time

    password = await add_first_account(url)
    return [("sign in", f"{NAME} / {password} (shown this once)")] if password else []


def _where(postgres: EmbeddedPostgres | None) -> tuple[str, str]:
    if postgres is None:
        return ("database", "yours, from DATABASE_URL")
    return ("data", str(postgres.home))


def _data_folder() -> Path:
    return Path(_variable("PARLEY_DATA", DEFAULT_DATA)).absolute()


def _variable(name: str, default: str) -> str:
    return os.environ.get(name) or default  # noqa: TID251 - of the supervisor, not of the product


def _port(name: str, default: int) -> int:
    value = _variable(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 2**16:
        raise StartupError(f"{name} is wrong: it needs a port between 1 and 65535.")
    return int(value)


if __name__ == "__main__":
    main()
