"""Gives a person's numbers another id. No number changes: people are counted, not named."""

from sqlalchemy import BigInteger

from core.db.session import Session
from core.db.sql import sql
from core.stats.measures import SHARDS
from core.stats.rollup import lock_sql


async def rename(session: Session, bot_id: int, user_id: int, new_id: int) -> None:
    """Keep under the new id what was booked for the person, whose turns have it already.

    The new id has to be of the same shard: its lock, which this waits for, covers both.
    """
    assert new_id % SHARDS == user_id % SHARDS
    shard = {"bot_id": bot_id, "shard": user_id % SHARDS}
    await session.execute(_LOCK, shard)
    await session.execute(_RENAME, {"bot_id": bot_id, "user_id": user_id, "new_id": new_id})


_LOCK = sql(f"SELECT {lock_sql(':bot_id', ':shard')}", shard=BigInteger)

_RENAME = sql(
    """
    UPDATE stats_users SET user_id = :new_id
    WHERE grain IN ('hour', 'day') AND bot_id = :bot_id AND user_id = :user_id
    """,
    new_id=BigInteger,
)
