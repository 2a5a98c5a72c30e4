"""Ninety days of made-up history in the product's own tables, for demonstrations.

The same each time but for its end, which is now. More and more people join, mostly on weekdays and
in the afternoon; many leave and some come back; a few write most of it, in private and in groups.
Releases and prompts that changed something, an outage and a flood. What an analyst would recognise,
and what the charts mark.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from core.db.session import Database, Session
from core.db.tables import (
    bots,
    dialogs,
    feedback,
    llm_attempts,
    messages,
    outbox,
    stats_marks,
    turns,
    users,
)
from core.stats.rebuild import rebuild
from simulator.history.past import DAYS
from simulator.history.people import FIRST_PERSON
from simulator.history.rows import BOT_ID
from simulator.history.story import Story

__all__ = ["DAYS", "generate"]


async def generate(url: str) -> int:
    """Fill the tables unless they hold history already; returns how many days were made."""
    database = Database(url)
    try:
        async with database.write() as session:
            if await _has_history(session):
                return 0
            await _write(session)
        await rebuild(database)
    finally:
        await database.close()
    return DAYS


async def _has_history(session: Session) -> bool:
    counted = await session.execute(
        select(func.count()).select_from(turns).where(turns.c.user_id >= FIRST_PERSON)
    )
    return bool(counted.scalar_one())


async def _write(session: Session) -> None:
    bot = {"id": BOT_ID, "username": "parley_bot"}
    await session.execute(upsert(bots).values(bot).on_conflict_do_nothing())
    rows = Story(datetime.now(UTC)).tell()
    ordered: tuple[tuple[Table[Any], list[dict[str, Any]]], ...] = (
        (users, rows.users),
        (dialogs, rows.dialogs),
        (messages, rows.messages),
        (turns, rows.turns),
        (llm_attempts, rows.attempts),
        (outbox, rows.outbox),
        (feedback, rows.feedback),
        (stats_marks, rows.marks),
    )
    for table, values in ordered:
        await session.execute(insert(table), values)
