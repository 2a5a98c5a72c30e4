"""Breakers that open, as marks on the charts: a model failed often, and others are asked first."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from core.db.session import Database
from core.logging import get_logger
from core.stats import marks

log = get_logger(__name__)


class Openings:
    def __init__(self, database: Database, bot_id: int) -> None:
        self._database = database
        self._bot_id = bot_id
        self._models: asyncio.Queue[str | None] = asyncio.Queue()

    def tell(self, model: str) -> None:
        """Of a model that rests from now on; whoever asks does not wait for the database."""
        log.warning("model_rests", model=model)
        self._models.put_nowait(model)

    async def run(self) -> None:
        """Note each until told to stop; a failure costs the mark and nothing else."""
        while model := await self._models.get():
            try:
                async with self._database.write() as session:
                    await marks.note_breaker(session, self._bot_id, model)
            except (SQLAlchemyError, OSError) as error:
                log.warning("breaker_not_noted", error=type(error).__name__)

    def stop(self) -> None:
        self._models.put_nowait(None)
