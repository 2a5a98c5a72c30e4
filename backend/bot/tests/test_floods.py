"""Floods in the database: who is told, how long they last, and what is marked."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from bot.floods import Floods
from bot.listener import listen
from core.chat import erasure
from core.db.session import Database
from core.retention import Kept, sweep

BOT_ID = 42
CHAT = 7


async def left(database: Database) -> list[int]:
    """Seconds of each flood."""
    query = "SELECT round(extract(epoch FROM until - now())) FROM chat_floods ORDER BY chat_id"
    async with database.read() as session:
        return [int(seconds) for seconds in (await session.execute(text(query))).scalars()]


async def marks(database: Database) -> int:
    async with database.read() as session:
        query = "SELECT count(*) FROM stats_marks WHERE kind = 'flood'"
        return int((await session.execute(text(query))).scalar_one())


async def test_the_longest_wait_counts(database: Database) -> None:
    floods = Floods(database, BOT_ID)
    for seconds in (3, 30, 10):
        await floods.met(CHAT, timedelta(seconds=seconds))
    assert await left(database) == [30]


async def test_a_short_wait_is_kept_and_not_marked(database: Database) -> None:
    floods = Floods(database, BOT_ID)
    await floods.met(CHAT, timedelta(seconds=4.9))
    assert (await left(database), await marks(database)) == ([5], 0)
    for _ in range(3):
        await floods.met(CHAT, timedelta(seconds=5))
    assert await marks(database) == 1


async def test_it_ends(database: Database) -> None:
    floods = Floods(database, BOT_ID)
    floods.begin(CHAT, timedelta(milliseconds=20))
    assert floods.holds(CHAT)
    await asyncio.sleep(0.05)
    assert not floods.holds(CHAT)


async def test_other_processes_hear_of_it_and_other_bots_do_not(
    database: Database, database_url: str
) -> None:
    ours, foreign = Floods(database, BOT_ID), Floods(database, BOT_ID + 1)

    def heard(bot_id: int, chat_id: int, wait: timedelta) -> None:
        for floods in (ours, foreign):
            floods.hear(bot_id, chat_id, wait)

    listening = asyncio.get_running_loop().create_task(
        listen(database_url, received=lambda: None, stop=lambda _: None, flooded=heard)
    )
    try:
        async with asyncio.timeout(20):
            while not ours.holds(CHAT):
                await Floods(database, BOT_ID).met(CHAT, timedelta(seconds=30))
                await asyncio.sleep(0.05)
    finally:
        listening.cancel()
    assert not foreign.holds(CHAT)


async def test_what_is_over_is_swept_and_who_is_erased_leaves_none(database: Database) -> None:
    floods = Floods(database, BOT_ID)
    for chat_id, seconds in ((CHAT, 60), (8, 60), (9, -1)):
        await floods.met(chat_id, timedelta(seconds=seconds))
    kept = Kept(raw_updates=timedelta(days=7), audit_log=timedelta(days=90))
    assert await sweep(database, kept) == {"chat_floods": 1}
    async with database.write() as session:
        await erasure.erase(session, BOT_ID, CHAT)
    assert await left(database) == [60]
