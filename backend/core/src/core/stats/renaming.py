"""Gives a person's numbers another id. No number changes: people are counted, not named."""

from sqlalchemy import BigInteger, bindparam, text

from core.db.session import Session
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


_LOCK = text(f"SELECT {lock_sql(':bot_id', ':shard')}").bindparams(
    bindparam("bot_id", type_=BigInteger), bindparam("shard", type_=BigInteger)
)

_RENAME = text(
    """
    UPDATE stats_users SET user_id = :new_id
    WHERE grain IN ('hour', 'day') AND bot_id = :bot_id AND user_id = :user_id
    """
).bindparams(*(bindparam(name, type_=BigInteger) for name in ("bot_id", "user_id", "new_id")))
