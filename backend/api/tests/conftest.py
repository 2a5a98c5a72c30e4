"""The API in this process with its lifespan, or as a real server on real ports."""

import os
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import programs
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.accounts import passwords
from api.app import create_app
from core.db.session import Database
from core.settings import load

Serving = Callable[..., AbstractAsyncContextManager[httpx2.AsyncClient]]
Query = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def query(database: Database) -> Query:
    """Gives the rows of a statement with bound values; what it changes is committed."""

    async def query(statement: str, **values: object) -> list[Any]:
        async with database.write() as session:
            result = await session.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    return query


@asynccontextmanager
async def _serving(
    database_url: str,
    *,
    client: tuple[str, int] = ("127.0.0.1", 4242),
    prepare: Callable[[FastAPI], object] = lambda _: None,
    base_url: str = "http://api",
    **variables: str,
) -> AsyncGenerator[httpx2.AsyncClient]:
    app = create_app(load(None, {"DATABASE_URL": database_url, **variables}))
    prepare(app)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False, client=client)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url=base_url) as http,
    ):
        yield http


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password takes no time in this process; what it takes is tried where it matters."""
    cheap = partial(passwords.make_context, memory_kib=8, passes=1)
    monkeypatch.setattr(passwords, "make_context", cheap)


@pytest.fixture
def serving(cheap_hashes: None) -> Serving:
    """Gives a client of an application with these settings; `prepare` may add routes to it."""
    return _serving


@dataclass
class Server:
    """`python -m api` on ports of its own."""

    variables: dict[str, str]
    folder: Path
    process: programs.Running | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.variables['API_PORT']}"

    @property
    def metrics_url(self) -> str:
        return f"http://127.0.0.1:{self.variables['METRICS_PORT']}/metrics"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def start(self) -> None:
        log = self.folder / "log"
        log.write_text("")
        self.process = programs.start(
            "api",
            variables={**os.environ, **self.variables},  # noqa: TID251 - a child inherits it
            folder=self.folder,
            output=log,
        )
        deadline = time.monotonic() + 80
        while True:
            assert time.monotonic() < deadline, self.log
            assert self.process.poll() is None, self.log
            try:
                if httpx2.get(f"{self.url}/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def make_server(
    database_url: str, tmp_path: Path, make_port: Callable[[], int]
) -> Generator[Callable[..., Server]]:
    """Starts a server with these settings and waits for it; all are stopped after the test."""
    servers: list[Server] = []

    def make(**variables: str) -> Server:
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        ports = {"API_PORT": str(make_port()), "METRICS_PORT": str(make_port())}
        server = Server({"DATABASE_URL": database_url, **ports, **variables}, folder)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        if server.process and server.process.poll() is None:
            server.process.kill()
            server.process.wait(10)
