"""Floods: Telegram asked the bot to wait. This process knows at once, the others are told.

Answers are late for it, so it is noted on the charts, too.
"""

import asyncio
import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.chat import floods
from core.db.session import Database
from core.logging import get_logger
from core.stats import marks

log = get_logger(__name__)

#: a shorter wait is everyday life
WORTH_MARKING = timedelta(seconds=5)


class Floods:
    """Chats that want silence. Nothing may be shown there; parts of answers wait in the outbox."""

    def __init__(self, database: Database, bot_id: int) -> None:
        self._database = database
        self._bot_id = bot_id
        #: by chat, the loop's time
        self._until: dict[int, float] = {}
        self._marked_until = float("-inf")

    def begin(self, chat_id: int, wait: timedelta) -> None:
        now = asyncio.get_running_loop().time()
        self._until = {chat: end for chat, end in self._until.items() if end > now}
        end = now + wait.total_seconds()
        self._until[chat_id] = max(end, self._until.get(chat_id, end))

    def hear(self, bot_id: int, chat_id: int, wait: timedelta) -> None:
        """Some process of some bot has been asked for silence."""
        if bot_id == self._bot_id:
            self.begin(chat_id, wait)

    def holds(self, chat_id: int) -> bool:
        return self._until.get(chat_id, 0) > asyncio.get_running_loop().time()

    async def met(self, chat_id: int, wait: timedelta) -> None:
        """This process has been asked; a failure costs the others' knowledge and nothing else."""
        self.begin(chat_id, wait)
        is_marked = wait >= WORTH_MARKING and time.monotonic() >= self._marked_until
        if is_marked:
            self._marked_until = time.monotonic() + marks.TROUBLE_PAUSE.total_seconds()
        try:
            async with self._database.write() as session:
                await floods.note(session, self._bot_id, chat_id, wait)
                if is_marked:
                    await marks.note_flood(session, self._bot_id, wait)
        except (SQLAlchemyError, OSError) as error:
            log.warning("flood_not_noted", error=type(error).__name__)
