"""Makes the rollups again from the raw rows, a UTC day at a time, and says what differed.

Each day is one transaction that holds the locks of all writers of a bot: nobody can book in
between, and whoever reads sees the day before or after. A rebuild that was interrupted goes on
where it stopped. Nothing differs unless rows were written or changed past the product.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, text, update

from core.db.ids import new_id
from core.db.session import Database, Session
from core.db.tables import stats_rebuilds
from core.stats.recount import EXAMPLES, Outcome, recount

DAY = timedelta(days=1)


async def rebuild(
    database: Database,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    progress: Callable[[datetime, datetime, datetime], None] = lambda *_: None,
) -> Outcome:
    """Rebuild the UTC days in [start, end), by default all that have turns.

    `progress` is told the range and how far it is done. An unfinished rebuild of the same range is
    continued.
    """
    found = await _range(database, start, end)
    outcome = Outcome()
    if found is None:
        return outcome
    since, until = found
    rebuild_id, day, outcome.differences = await _resume(database, since, until)
    bots = await _bots(database)
    while day < until:
        progress(since, until, day)
        async with database.write() as session:
            for bot_id in bots:
                await recount(session, bot_id, day, outcome)
            day += DAY
            await _note(session, rebuild_id, day, outcome, is_done=day >= until)
        outcome.days += 1
        del outcome.examples[EXAMPLES:]
    progress(since, until, until)
    return outcome


async def are_missing(database: Database) -> bool:
    """Whether there are turns and no rollups, as after an upgrade from a release without them."""
    async with database.read() as session:
        return bool(
            await session.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM turns WHERE verdict IS NOT NULL) "
                    "AND NOT EXISTS (SELECT FROM stats_facts)"
                )
            )
        )


async def _range(
    database: Database, start: datetime | None, end: datetime | None
) -> tuple[datetime, datetime] | None:
    """The days asked for, cut to those that can hold anything."""
    async with database.read() as session:
        row = (await session.execute(_EXTENT)).one()
    if row.first is None:
        return None
    since = max(start, row.first) if start else row.first
    until = min(end, row.last) if end else row.last
    return (since, until) if since < until else None


async def _resume(
    database: Database, since: datetime, until: datetime
) -> tuple[UUID, datetime, int]:
    table = stats_rebuilds.c
    async with database.write() as session:
        rows = await session.execute(
            stats_rebuilds.select()
            .where(table.since == since, table.until == until, table.finished_at.is_(None))
            .order_by(table.created_at.desc())
            .limit(1)
        )
        if begun := rows.one_or_none():
            return begun.id, begun.done_until, begun.differences
        rebuild_id = new_id()
        await session.execute(
            insert(stats_rebuilds),
            {"id": rebuild_id, "since": since, "until": until, "done_until": since},
        )
    return rebuild_id, since, 0


async def _note(
    session: Session, rebuild_id: UUID, done_until: datetime, outcome: Outcome, *, is_done: bool
) -> None:
    await session.execute(
        update(stats_rebuilds)
        .where(stats_rebuilds.c.id == rebuild_id)
        .values(
            done_until=done_until,
            differences=outcome.differences,
            finished_at=text("now()") if is_done else None,
        )
    )


async def _bots(database: Database) -> list[int]:
    async with database.read() as session:
        return list((await session.execute(text("SELECT id FROM bots ORDER BY id"))).scalars())


_EXTENT = text(
    """
    SELECT date_trunc('day', least((SELECT min(created_at) FROM turns),
                                   (SELECT min(bucket) FROM stats_users)), 'UTC') AS first,
           date_trunc('day', greatest((SELECT max(created_at) FROM turns),
                                      (SELECT max(bucket) FROM stats_users)), 'UTC')
               + interval '1 day' AS last
    """
)
