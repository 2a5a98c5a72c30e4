"""Statistics over HTTP: a database with a history, and somebody who may read it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import uvicorn
from databases import Shelf
from fastapi import FastAPI

from api.accounts import store
from api.accounts.passwords import make_context
from api.app import create_app
from api.server import configure_server
from core.db.session import Database
from core.settings import load
from simulator import history

from .golden import GOLDEN, Told, fill

NAME, PASSWORD = "ada", "four quiet herons wade"
#: what the API is served with: nothing but the question itself may refuse
SERVED = {
    "base_url": "https://api",
    "STATS_API_RATE_LIMIT": "100000/second",
    "STATS_TIMEZONE": "UTC",
}

Serving = Callable[..., AbstractAsyncContextManager[httpx2.AsyncClient]]
Listen = Callable[[str], AbstractAsyncContextManager["Listening"]]
Get = Callable[..., Awaitable[Any]]
Tell = Callable[[Iterable[Told]], Awaitable[None]]
Query = Callable[..., Awaitable[list[Any]]]


async def add_account(database: Database, name: str = NAME, role: store.Role = "analyst") -> None:
    """Sign-in is proven elsewhere: here a password is hashed as cheaply as may be."""
    password_hash = make_context(memory_kib=8, passes=1).hash(PASSWORD)
    async with database.write() as session:
        assert await store.add_account(session, name, password_hash=password_hash, role=role)


async def _prepare(url: str, told: Iterable[Told] = ()) -> None:
    database = Database(url)
    try:
        await add_account(database)
        await fill(database, told)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def golden_url(shelf: Shelf) -> Generator[str]:
    """A database with the golden history, for tests that only read."""
    url = asyncio.run(shelf.take())
    asyncio.run(_prepare(url, GOLDEN))
    yield url
    asyncio.run(shelf.give_back(url))


@pytest.fixture(scope="module")
def demo_url(shelf: Shelf) -> Generator[str]:
    """A database with the ninety days of the demonstration, for tests that only read."""

    async def prepare() -> None:
        await _prepare(url)
        assert await history.generate(url) == history.DAYS

    url = asyncio.run(shelf.take())
    asyncio.run(prepare())
    yield url
    asyncio.run(shelf.give_back(url))


@pytest.fixture
async def own_url(database_url: str, database: Database) -> str:
    """An empty database of the test's own with an account."""
    await add_account(database)
    return database_url


@pytest.fixture
def tell(database: Database) -> Tell:
    """Writes a history into the test's own database."""
    return lambda history: fill(database, history)


@pytest.fixture
def reach(serving: Serving) -> Serving:
    """Gives a client of the API on a database, signed in."""

    def reach(url: str, **given: Any) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
        return serving(url, **(SERVED | given))

    return reach


@dataclass(frozen=True, slots=True)
class Listening:
    app: FastAPI
    #: signed in
    http: httpx2.AsyncClient


@pytest.fixture
def listen(make_port: Callable[[], int], cheap_hashes: None) -> Listen:
    """A real server in this process, for what comes in pieces."""

    @asynccontextmanager
    async def listen(url: str) -> AsyncGenerator[Listening]:
        port = make_port()
        variables = {"API_PORT": str(port), "STATS_API_RATE_LIMIT": "100000/second"}
        settings = load(None, {"DATABASE_URL": url, **variables})
        app = create_app(settings)
        server = uvicorn.Server(configure_server(app, settings))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            base_url = f"http://127.0.0.1:{port}/api/v1"
            async with httpx2.AsyncClient(base_url=base_url, auth=(NAME, PASSWORD)) as http:
                yield Listening(app, http)
            server.should_exit = True

    return listen


@pytest.fixture
async def golden(reach: Serving, golden_url: str) -> AsyncGenerator[Get]:
    """Asks the API about the golden history."""
    async with reach(golden_url) as http:
        yield asking(http)


@pytest.fixture
async def demo(reach: Serving, demo_url: str) -> AsyncGenerator[Get]:
    """Asks the API about the ninety days of the demonstration."""
    async with reach(demo_url) as http:
        yield asking(http)


@pytest.fixture
async def own(reach: Serving, own_url: str) -> AsyncGenerator[Get]:
    """Asks the API about the test's own database."""
    async with reach(own_url) as http:
        yield asking(http)


def asking(http: httpx2.AsyncClient) -> Get:
    """Asks with the account; gives the body of a 200, or of the status that is expected."""

    async def get(path: str, expected: int = 200, **query: Any) -> Any:
        query = {name.rstrip("_"): value for name, value in query.items()}
        answer = await http.get(f"/api/v1{path}", params=query, auth=(NAME, PASSWORD))
        assert answer.status_code == expected, answer.text
        return answer.text if "csv" in path and expected == 200 else answer.json()

    return get
