"""A transaction for each example of a property."""

import asyncio
from collections.abc import Awaitable, Callable, Generator

import pytest

from core.db.session import Database, ReadSession, Session

Run = Callable[[Callable[[Session], Awaitable[None]]], None]


@pytest.fixture(scope="module")
def in_database(module_database_url: str) -> Generator[Run]:
    """Runs a coroutine in a transaction that is rolled back."""
    with asyncio.Runner() as runner:
        database = Database(module_database_url)

        async def rolled_back(act: Callable[[Session], Awaitable[None]]) -> None:
            async with database.engine.connect() as connection, connection.begin() as transaction:
                await act(Session(ReadSession(connection)))
                await transaction.rollback()

        yield lambda act: runner.run(rolled_back(act))
        runner.run(database.close())
