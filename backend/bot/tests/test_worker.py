"""A worker whose item was lost and comes back to it, and one that is told to stop."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest
from aiogram import Bot, Dispatcher
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.metrics_messages import Messages
from bot.worker import Worker
from core.chat import inbox
from core.chat.desk import Desk
from core.chat.inbox import Incoming
from core.chat.turns import Policy, Turns
from core.db.session import Database
from core.llm.scripted import ScriptedModel

BOT_ID = 42


class Handling:
    """Stands for aiogram's dispatcher: every item takes until it is told to end."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.cancelled: list[int] = []
        self.end = asyncio.Event()

    async def feed_update(self, _bot: Bot, _update: Any, *, work: inbox.Work) -> None:
        self.begun.append(work.epoch)
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled.append(work.epoch)
            raise


def make_worker(database: Database, handling: Handling) -> Worker:
    policy = Policy(system_prompt="", history_limit=0, release="test", pseudonym_key=b"key")
    return Worker(
        Bot(f"{BOT_ID}:token"),
        cast("Dispatcher", handling),
        database,
        Turns(database, ScriptedModel(), policy, delivered=lambda: None),
        Desk(database, delivered=lambda: None),
        lease=timedelta(seconds=0.6),
        concurrency=4,
        messages=Messages(CollectorRegistry()),
    )


async def accept(database: Database) -> None:
    message = '{"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}'
    update = Incoming(
        update_id=1,
        identity="1",
        lane="7:0",
        kind="message",
        raw=f'{{"update_id": 1, "message": {message}}}',
    )
    async with database.write() as session:
        await inbox.accept(session, BOT_ID, [update])


async def until(handling: Handling, *, begun: list[int], cancelled: list[int]) -> None:
    async with asyncio.timeout(20):
        while (handling.begun, handling.cancelled) != (begun, cancelled):
            await asyncio.sleep(0.02)


async def test_an_item_lost_and_claimed_again_is_two_claims(database: Database) -> None:
    handling = Handling()
    worker = make_worker(database, handling)
    await accept(database)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        await until(handling, begun=[1], cancelled=[])
        # the process was away for longer than its lease, and is the one that claims the item again
        async with database.write() as session:
            await session.execute(text("UPDATE inbox SET lease_until = now() - interval '1 s'"))
        worker.wake.set()
        await until(handling, begun=[1, 2], cancelled=[])
        keeping = tasks.create_task(worker.keep_leases())
        await until(handling, begun=[1, 2], cancelled=[1])
        await asyncio.sleep(1.0)  # longer than the lease: the newer claim is kept up
        assert (handling.begun, handling.cancelled) == ([1, 2], [1])
        keeping.cancel()
        await worker.drain(timedelta())
    assert handling.cancelled == [1, 2]


async def test_draining_waits_for_both_claims(database: Database) -> None:
    handling = Handling()
    worker = make_worker(database, handling)
    await accept(database)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(worker.run())
        await until(handling, begun=[1], cancelled=[])
        async with database.write() as session:
            await session.execute(text("UPDATE inbox SET lease_until = now() - interval '1 s'"))
        worker.wake.set()
        await until(handling, begun=[1, 2], cancelled=[])
        asyncio.get_running_loop().call_later(0.2, handling.end.set)
        await worker.drain(timedelta(seconds=10))
        await running
    assert handling.cancelled == []


class Failing:
    """Stands for aiogram's dispatcher: every item fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def feed_update(self, _bot: Bot, _update: Any, *, work: inbox.Work) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (OperationalError("SELECT 1", None, Exception()), "pending"),
        (ConnectionRefusedError(), "pending"),
        (ValueError(), "dead"),
    ],
)
async def test_a_database_that_was_away_parks_nothing(
    database: Database, error: Exception, state: str
) -> None:
    """The third try of an item fails, which is the last one unless the item is not at fault."""
    await accept(database)
    async with database.write() as session:
        await session.execute(text("UPDATE inbox SET attempts = 2"))
    worker = make_worker(database, cast("Any", Failing(error)))
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        while True:
            async with database.read() as session:
                found = (await session.execute(text("SELECT state, reason FROM inbox"))).one()
            if found.reason:
                break
            await asyncio.sleep(0.02)
        await worker.drain(timedelta(seconds=5))
    assert found.state == state
