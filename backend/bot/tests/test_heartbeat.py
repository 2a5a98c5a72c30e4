"""Heartbeats and marks without a database: one line in the log, and nothing else."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.floods import Floods
from bot.heartbeat import Heartbeat
from core import processes
from core.db.session import Database
from core.processes import Process


@pytest.fixture
async def nowhere(unused_port: int) -> AsyncGenerator[Database]:
    """A database that does not answer."""
    database = Database(f"postgresql+asyncpg://nobody@127.0.0.1:{unused_port}/none")
    yield database
    await database.close()


async def test_heartbeats_go_on_through_an_outage_and_end_when_told(
    nowhere: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "HEARTBEAT", timedelta(milliseconds=10))
    heartbeat = Heartbeat(nowhere, Process(bot_id=42, release="test"), counted=lambda _: None)
    with capture_logs() as logged:
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            tasks.create_task(heartbeat.run())
            while len(logged) < 3:
                await asyncio.sleep(0.01)
            heartbeat.stop()
    assert {entry["event"] for entry in logged} == {"heartbeat_missed"}


async def test_a_flood_that_cannot_be_told_is_heeded_here(nowhere: Database) -> None:
    floods = Floods(nowhere, 42)
    with capture_logs() as logged:
        await floods.met(7, timedelta(seconds=30))
    assert [entry["event"] for entry in logged] == ["flood_not_noted"]
    assert floods.holds(7)
    assert not floods.holds(8)
