"""Heartbeats: who lives, who is forgotten, and who comes back."""

import asyncio
from typing import Any

from sqlalchemy import text

from core import processes
from core.db.session import Database
from core.processes import Process

BOT_ID = 42


async def beat(database: Database, process: Process) -> None:
    async with database.write() as session:
        await processes.beat(session, process)


async def rows(database: Database, columns: str) -> list[tuple[Any, ...]]:
    statement = text(f"SELECT {columns} FROM bot_processes ORDER BY started_at")
    async with database.read() as session:
        return [tuple(row) for row in await session.execute(statement)]


async def change(database: Database, statement: str) -> None:
    async with database.write() as session:
        await session.execute(text(statement))


async def test_a_process_is_there_from_its_first_heartbeat_until_it_leaves(
    database: Database,
) -> None:
    process = Process(bot_id=BOT_ID, release="0.1.0", host="here", pid=7)
    await beat(database, process)
    assert await rows(database, "host, pid, release") == [("here", 7, "0.1.0")]
    async with database.write() as session:
        await processes.leave(session, process)
    assert await rows(database, "host") == []


async def test_heartbeats_renew_one_row(database: Database) -> None:
    process = Process(bot_id=BOT_ID, release="0.1.0")
    await beat(database, process)
    await change(database, "UPDATE bot_processes SET seen_at = seen_at - interval '1 minute'")
    before = await rows(database, "started_at")
    await beat(database, process)
    assert await rows(database, "seen_at > now() - interval '10 seconds'") == [(True,)]
    assert await rows(database, "started_at") == before


async def test_the_long_silent_are_forgotten_by_the_next_heartbeat(database: Database) -> None:
    silent, late = (Process(bot_id=BOT_ID, release=name) for name in ("silent", "late"))
    for process in (silent, late):
        await beat(database, process)
    await change(
        database,
        "UPDATE bot_processes SET seen_at = now() - CASE release "
        "WHEN 'silent' THEN interval '61 minutes' ELSE interval '59 minutes' END",
    )
    await beat(database, Process(bot_id=BOT_ID, release="new"))
    assert {release for (release,) in await rows(database, "release")} == {"late", "new"}
    await beat(database, silent)
    assert len(await rows(database, "release")) == 3


async def test_many_that_come_back_together_do_not_wait_for_each_other(
    database: Database,
) -> None:
    """After an outage of more than an hour each one is silent for long, in the eyes of others."""
    everybody = [Process(bot_id=BOT_ID, release=f"{number}") for number in range(8)]
    for process in everybody:
        await beat(database, process)
    for _ in range(5):
        await change(database, "UPDATE bot_processes SET seen_at = now() - interval '2 hours'")
        await asyncio.gather(*(beat(database, process) for process in everybody))
    await asyncio.gather(*(beat(database, process) for process in everybody))
    assert len(await rows(database, "id")) == len(everybody)
