"""Tells the database now and then that this process is alive, and in the end that it has gone."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.wake import Wake
from core import processes
from core.db.session import Database, Session
from core.logging import get_logger
from core.processes import Process

log = get_logger(__name__)

_PATIENCE_SECONDS = 3.0


class Heartbeat:
    def __init__(
        self, database: Database, process: Process, *, counted: Callable[[int], None]
    ) -> None:
        """`counted` is told how many processes of the bot are alive, this one included."""
        self._database = database
        self._process = process
        self._counted = counted
        self._wake = Wake()

    async def run(self) -> None:
        """Beat for ever; `stop` ends it. A beat that fails is one beat less."""
        while not self._wake.is_closed:
            await self._tell(self._beat)
            await self._wake.wait(processes.HEARTBEAT.total_seconds())
        await self._tell(processes.leave)

    def stop(self) -> None:
        self._wake.close()

    async def _beat(self, session: Session, process: Process) -> None:
        await processes.beat(session, process)
        self._counted(await processes.alive(session, process.bot_id))

    async def _tell(self, what: Callable[[Session, Process], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.write() as session:
                await what(session, self._process)
        except (SQLAlchemyError, OSError) as error:
            log.warning("heartbeat_missed", error=type(error).__name__)
