"""Accounts in a database of the test's own, and a client that reaches the API over HTTPS."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from api.accounts import lockout, passwords, store
from core.db.session import Database

PASSWORD = "four quiet herons wade"
TOKEN = "J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe"
OLD_TOKEN = "uE3vXo6IwRt1NyBz0MjKd8HgFp4SlCaq"

Serving = Callable[..., AbstractAsyncContextManager[httpx2.AsyncClient]]
Query = Callable[..., Awaitable[list[Any]]]
Add = Callable[..., Awaitable[None]]


@pytest.fixture
def reach(serving: Serving, database_url: str) -> Serving:
    """As `serving`, on this test's database, with registration on and no limit in the way."""

    def reach(**given: Any) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
        usual = {
            "base_url": "https://api",
            "STATS_API_RATE_LIMIT": "100000/second",
            "ADMIN_REGISTRATION_TOKEN": f"{TOKEN},{OLD_TOKEN}",
        }
        return serving(database_url, **(usual | given))

    return reach


@pytest.fixture
async def http(reach: Serving) -> AsyncGenerator[httpx2.AsyncClient]:
    async with reach() as http:
        yield http


@pytest.fixture
def add(database: Database, cheap_hashes: None) -> Add:
    async def add(name: str, *, role: store.Role = "analyst", password: str = PASSWORD) -> None:
        async with database.write() as session:
            password_hash = passwords.make_context().hash(password)
            assert await store.add_account(session, name, password_hash=password_hash, role=role)

    return add


@pytest.fixture
def long_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first lock lasts a minute: on a busy machine a second is over before the next try."""
    monkeypatch.setattr(lockout, "FIRST_DELAY_SECONDS", 60)


@pytest.fixture
async def ada(add: Add) -> tuple[str, str]:
    """An analyst's credentials."""
    await add("ada")
    return "ada", PASSWORD


@pytest.fixture
async def root(add: Add) -> tuple[str, str]:
    """An admin's credentials."""
    await add("root", role="admin")
    return "root", PASSWORD
