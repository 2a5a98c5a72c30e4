"""What every test may ask for: a migrated PostgreSQL database of its own, free ports, real data."""

import asyncio
import fcntl
import gzip
import json
import os
import socket
import tempfile
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from databases import Server, Shelf
from sqlalchemy import insert

from core.db import migrate
from core.db.session import Database
from core.db.tables import bots
from local.postgres import EmbeddedPostgres

#: points the whole suite at another server, to try another version of PostgreSQL
OTHER_SERVER = "PARLEY_TEST_DATABASE_URL"
#: of the bot that is known in a `database`
BOT_ID = 42
BACKEND = Path(__file__).parent
SHARED_DATA = BACKEND.parents[1] / "shared" / "data"
#: tests that start programs, that fill databases, that look at pages, and all the others
_LONGEST_FIRST = ("tests", "local", "core", "api", "simulator", "bot")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, lest one process be still at it when all others are done."""
    items.sort(key=lambda item: _LONGEST_FIRST.index(item.path.relative_to(BACKEND).parts[0]))


@pytest.fixture(scope="session")
def database_server() -> Generator[Server]:
    """A PostgreSQL server, one a test process."""
    if given := os.environ.get(OTHER_SERVER):  # noqa: TID251 - concerns tests alone
        yield Server(given)
        return
    with tempfile.TemporaryDirectory(prefix="parley-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # for the user that runs PostgreSQL when root runs the tests
        with EmbeddedPostgres(Path(folder) / "pg", port=_free_port(), durable=False) as server:
            yield Server(server.url("postgres"))


@pytest.fixture(scope="session")
def shelf(database_server: Server) -> Generator[Shelf]:
    """Databases with the schema and nothing else."""
    template = asyncio.run(database_server.create())
    asyncio.run(migrate.upgrade(template))
    shelf = Shelf(database_server, template)
    yield shelf
    asyncio.run(shelf.close())
    asyncio.run(database_server.drop(template))


@pytest.fixture
async def database_url(shelf: Shelf) -> AsyncGenerator[str]:
    """A database of the test's own, with the schema and nothing else."""
    url = await shelf.take()
    yield url
    await shelf.give_back(url)


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    """The same, opened, with a bot in it."""
    database = Database(database_url)
    async with database.write() as session:
        await session.execute(insert(bots), {"id": BOT_ID, "username": "parley_bot"})
    yield database
    await database.close()


@pytest.fixture(scope="module")
def module_database_url(shelf: Shelf) -> Generator[str]:
    """A database that the tests of a module share."""
    url = asyncio.run(shelf.take())
    yield url
    asyncio.run(shelf.give_back(url))


@pytest.fixture
async def empty_database_url(database_server: Server) -> AsyncGenerator[str]:
    """A database without a schema."""
    url = await database_server.create()
    yield url
    await database_server.drop(url)


@pytest.fixture
def unused_port() -> int:
    return _free_port()


@pytest.fixture(scope="session")
def make_port() -> Callable[[], int]:
    """Gives a free port, another one at each call."""
    return _free_port


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that lie beside the repository on some machines."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data are not beside this checkout (../shared/data)")
    return SHARED_DATA


def _free_port() -> int:
    """A port nobody listens on, and that no other test process has been given."""
    ledger = Path(tempfile.gettempdir()) / f"parley-test-ports-{os.getuid()}.json"
    with ledger.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        given: list[int] = json.loads(file.read() or "[]")[-200:]
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port: int = probe.getsockname()[1]
            if port not in given:
                break
        file.truncate(0)
        file.write(json.dumps([*given, port]))
    return port


@dataclass
class Posted:
    path: str
    body: bytes


class Collector(ThreadingHTTPServer):
    """A server that keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Keep)
        self.posted: list[Posted] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def text(self) -> str:
        return b"".join(posted.body for posted in self.posted).decode(errors="replace")


class _Keep(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        match self.headers.get("Content-Encoding"):
            case "gzip":
                body = gzip.decompress(body)
            case "br":  # Sentry's choice where the package is there
                body = import_module("brotli").decompress(body)
        self.server.posted.append(Posted(self.path, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def collector() -> Generator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
