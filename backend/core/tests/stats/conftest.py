"""A transaction for each example of a property, and a history to be rebuilt."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Generator
from datetime import timedelta

import pytest

from core.db.session import Database, ReadSession, Session

from .histories import START, Teller, Told

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


@pytest.fixture
async def history(database: Database) -> list[Told]:
    chance = random.Random(7)
    told = [_random_visit(chance) for _ in range(60)]
    async with database.write() as session:
        await Teller(session).tell(told)
    return told


def _random_visit(chance: random.Random) -> Told:
    moment = START + timedelta(minutes=chance.randrange(10 * 1440))
    return Told(
        bot_id=42, user_id=chance.randrange(1, 9), moment=moment, language="en", kind="text",
        verdict="answered", model="large", error_kind=None, failed_calls=chance.randrange(2),
        words=100, tokens=10, cost=5, is_estimated=False, queue_ms=3, first_token_ms=200,
        generation_ms=900, delivery_ms=40, fate="sent", is_edited=False, score=None,
        is_erased=False, opens_dialog=True,
    )  # fmt: skip
