"""Now and then the bot deletes what is old, whatever happens in between."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from bot.sweeper import Sweeper
from core.db.session import Database
from core.db.tables import bots
from core.retention import Kept

KEPT = Kept(raw_updates=timedelta(days=7), audit_log=timedelta(days=90))


async def run_until_stopped(sweeper: Sweeper, seconds: float) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sweeper.run())
        await asyncio.sleep(seconds)
        sweeper.stop()


async def test_it_sweeps_and_ends_when_told(database_url: str) -> None:
    database = Database(database_url)
    async with database.write() as session:
        await session.execute(insert(bots), {"id": 42, "username": "parley_bot"})
        await session.execute(
            text(
                "INSERT INTO inbox (bot_id, update_id, identity, kind, raw, state, received_at) "
                "VALUES (42, 1, '1', 'message', '{}', 'done', now() - interval '8 days')"
            )
        )
    await run_until_stopped(Sweeper(database, KEPT, first=timedelta()), 0.5)
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 0
    await database.close()


async def test_it_does_nothing_before_its_time(database_url: str) -> None:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/nowhere")
    await run_until_stopped(Sweeper(database, KEPT), 0.05)
    await database.close()


async def test_a_database_that_is_away_is_no_end(
    unused_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_port}/nowhere")
    await run_until_stopped(Sweeper(database, KEPT, first=timedelta()), 0.3)
    await database.close()
    assert "not_swept" in capsys.readouterr().out
