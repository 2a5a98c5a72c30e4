"""What became of a part is stored, even if the database is away for a moment just then."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Chat, Message
from prometheus_client import CollectorRegistry
from sqlalchemy import insert, text

from bot.floods import Floods
from bot.metrics_messages import Messages
from bot.pace import Pace
from bot.sender import Sender
from core.chat import outbox
from core.chat.outbox import Address, Part
from core.db.session import Database, Session
from core.db.tables import bots
from core.settings import SendPolicy

BOT_ID = 42


class Leaving(Database):
    """Away for some transactions when it is told so."""

    away = 0

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Session]:
        if self.away:
            self.away -= 1
            raise ConnectionRefusedError
        async with super().write() as session:
            yield session


class Telegram:
    """Takes each message, and sees to it that the database is away afterwards."""

    id = BOT_ID

    def __init__(self, database: Leaving, *, transactions: int) -> None:
        self._database = database
        self._transactions = transactions
        self.calls = 0

    async def __call__(self, _method: object, request_timeout: int) -> Message:
        self.calls += 1
        self._database.away = self._transactions
        return Message(message_id=9, date=datetime.now(UTC), chat=Chat(id=1, type="private"))


def make_sender(bot: Bot, database: Database, pace: Pace) -> Sender:
    return Sender(
        bot,
        database,
        policy=SendPolicy.RESEND,
        lease=timedelta(seconds=3),
        concurrency=20,
        messages=Messages(CollectorRegistry()),
        floods=Floods(database, BOT_ID),
        pace=pace,
    )


async def send(database_url: str, *, transactions: int, seconds: float) -> tuple[int, Any]:
    """One part, for so long; returns the calls made and what is known of the part."""
    database = Leaving(database_url)
    telegram = Telegram(database, transactions=transactions)
    sender = make_sender(cast("Any", telegram), database, Pace(0))
    async with database.write() as session:
        await session.execute(insert(bots), {"id": BOT_ID, "username": "parley_bot"})
        address = Address(bot_id=BOT_ID, chat_id=1)
        await outbox.enqueue(session, address, [Part(content="Hi", entities=[])])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sender.run())
        await asyncio.sleep(seconds)
        sender.drain()
    async with database.read() as session:
        found = (await session.execute(text("SELECT state, message_id FROM outbox"))).one()
    await database.close()
    return telegram.calls, tuple(found)


class Noting(BaseSession):
    """Answers every call, and notes when it came."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> Any:
        self.moments.append(time.monotonic())
        await asyncio.sleep(0.05)
        return Message(message_id=9, date=datetime.now(UTC), chat=Chat(id=1, type="private"))

    async def close(self) -> None: ...

    def stream_content(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


async def test_parts_keep_the_pace_and_make_room_for_other_calls(database: Database) -> None:
    session, pace = Noting(), Pace(5)
    session.middleware(pace)
    bot = Bot("42:token", session=session)
    sender = make_sender(bot, database, pace)
    async with database.write() as writing:
        for chat_id in range(1, 10):
            address = Address(bot_id=BOT_ID, chat_id=chat_id)
            await outbox.enqueue(writing, address, [Part(content="Hi", entities=[])])
    for _ in range(2):  # as for a button that somebody pressed
        await bot.answer_callback_query("1")
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(sender.run())
        while len(session.moments) < 11:
            sender.wake.set()  # as answers do that are ready
            await asyncio.sleep(0)
        sender.drain()
    for first, sixth in zip(session.moments, session.moments[5:], strict=False):
        assert sixth - first > 0.7  # 1, but for what a busy machine does between count and call


async def test_a_moment_is_waited_for(database_url: str) -> None:
    assert await send(database_url, transactions=2, seconds=1.5) == (1, ("sent", 9))


async def test_half_of_the_lease_is_not(database_url: str) -> None:
    assert await send(database_url, transactions=1000, seconds=2.5) == (1, ("sending", None))
