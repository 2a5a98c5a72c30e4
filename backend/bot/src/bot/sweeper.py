"""Now and then deletes what has been kept for long enough."""

from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.wake import Wake
from core import retention
from core.db.session import Database
from core.logging import get_logger
from core.retention import Kept

log = get_logger(__name__)

#: a start is busy enough
_FIRST = timedelta(minutes=1)
_EVERY = timedelta(hours=1)


class Sweeper:
    def __init__(self, database: Database, kept: Kept, *, first: timedelta = _FIRST) -> None:
        self._database = database
        self._kept = kept
        self._first = first
        self._wake = Wake()

    async def run(self) -> None:
        """Sweep for ever; `stop` ends it. What fails is tried again at the next time."""
        await self._wake.wait(self._first.total_seconds())
        while not self._wake.is_closed:
            await self._sweep()
            await self._wake.wait(_EVERY.total_seconds())

    def stop(self) -> None:
        self._wake.close()

    async def _sweep(self) -> None:
        try:
            if swept := await retention.sweep(self._database, self._kept):
                log.info("swept", **swept)
        except (SQLAlchemyError, OSError) as error:
            log.warning("not_swept", error=type(error).__name__)
