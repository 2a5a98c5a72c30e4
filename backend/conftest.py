"""What every test may ask for: a migrated PostgreSQL database of its own, free ports, real data."""

import asyncio
import fcntl
import gzip
import json
import os
import socket
import tempfile
import threading
import uuid
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from core.db import migrate
from local.postgres import EmbeddedPostgres

#: points the whole suite at another server, to try another version of PostgreSQL
OTHER_SERVER = "PARLEY_TEST_DATABASE_URL"
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def database_server() -> Generator[str]:
    """The address of a PostgreSQL server's maintenance database; one server a test process."""
    if given := os.environ.get(OTHER_SERVER):  # noqa: TID251 - concerns tests alone
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="parley-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # for the user that runs PostgreSQL when root runs the tests
        with EmbeddedPostgres(Path(folder) / "pg", port=_free_port(), durable=False) as server:
            yield server.url("postgres")


@pytest.fixture(scope="session")
def template_database(database_server: str) -> Generator[str]:
    """The name of a database with the schema, to be copied."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    asyncio.run(_execute(database_server, f'CREATE DATABASE "{name}"'))
    asyncio.run(migrate.upgrade(_address(database_server, name)))
    yield name
    asyncio.run(_execute(database_server, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def database_url(database_server: str, template_database: str) -> AsyncGenerator[str]:
    """A database of the test's own, with the schema and nothing else."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    await _execute(database_server, _copy(name, template_database))
    yield _address(database_server, name)
    await _execute(database_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def module_database_url(database_server: str, template_database: str) -> Generator[str]:
    """A database that the tests of a module share."""
    name = f"module_{uuid.uuid4().hex[:12]}"
    asyncio.run(_execute(database_server, _copy(name, template_database)))
    yield _address(database_server, name)
    asyncio.run(_execute(database_server, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def empty_database_url(database_server: str) -> AsyncGenerator[str]:
    """A database without a schema."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    await _execute(database_server, f'CREATE DATABASE "{name}"')
    yield _address(database_server, name)
    await _execute(database_server, f'DROP DATABASE "{name}" WITH (FORCE)')


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


def _address(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _copy(name: str, template: str) -> str:
    # files copied instead of written through the log: a seventh of the time for a small database
    return f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'


async def _execute(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


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
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
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
