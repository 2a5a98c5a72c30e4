"""Floods: chats in which Telegram asked for silence, known to every process of the bot.

While one lasts nothing goes out into the chat; parts of answers wait for its end in the outbox.
"""

from datetime import timedelta

from sqlalchemy import Interval

from core.db.session import Session
from core.db.sql import sql


async def note(session: Session, bot_id: int, chat_id: int, wait: timedelta) -> None:
    """Keep the silence, the longest that was asked for; every process hears of it."""
    await session.execute(_NOTE, {"bot_id": bot_id, "chat_id": chat_id, "wait": wait})


_NOTE = sql(
    """
    WITH noted AS (
        INSERT INTO chat_floods (bot_id, chat_id, until) VALUES (:bot_id, :chat_id, now() + :wait)
        ON CONFLICT (bot_id, chat_id)
        DO UPDATE SET until = greatest(chat_floods.until, excluded.until)
        RETURNING until
    )
    SELECT pg_notify('parley_flood', concat_ws(
        ' ', :bot_id, :chat_id, CAST(extract(epoch FROM until - now()) AS float8)
    )) FROM noted
    """,
    wait=Interval,
)
