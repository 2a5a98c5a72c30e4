"""Floods as marks on the charts: Telegram asked the bot to wait, and answers were late for it."""

import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.db.session import Database
from core.logging import get_logger
from core.stats import marks

log = get_logger(__name__)

#: a shorter wait is everyday life
WORTH_NOTING = timedelta(seconds=5)


class Floods:
    def __init__(self, database: Database, bot_id: int) -> None:
        self._database = database
        self._bot_id = bot_id
        self._quiet_until = float("-inf")

    async def met(self, wait: timedelta) -> None:
        """Note it, unless one was noted lately; a failure costs the mark and nothing else."""
        if wait < WORTH_NOTING or time.monotonic() < self._quiet_until:
            return
        self._quiet_until = time.monotonic() + marks.TROUBLE_PAUSE.total_seconds()
        try:
            async with self._database.write() as session:
                await marks.note_flood(session, self._bot_id, wait)
        except (SQLAlchemyError, OSError) as error:
            log.warning("flood_not_noted", error=type(error).__name__)
