"""What becomes of a chat: it closes to the bot, opens again, or goes on under another id.

Closed is a chat in which nobody can be reached: the bot is blocked or thrown out, the person or the
group is gone. What was asked there before is put to no model any more (`core.chat.opening`). What
comes from there later shows that it is open again, whether or not Telegram has told so.
"""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import BigInteger, DateTime

from core.chat import outbox
from core.chat.outbox import Sending
from core.db.session import Session
from core.db.sql import sql


async def refuse(session: Session, sending: Sending, reason: str) -> None:
    """Telegram has refused a part because of its chat: nothing that waits can arrive there.

    The chat counts as closed since the call began; who wrote after that may have come back.
    """
    await outbox.undeliverable(session, sending, reason, in_whole_chat=True)
    address = sending.address
    await close(session, address.bot_id, address.chat_id, sending.claimed_at, reason)


async def close(session: Session, bot_id: int, chat_id: int, at: datetime, reason: str) -> None:
    """Keep that nobody can be reached there since that moment.

    Parts that wait are left to be tried: each is refused, or moves with its group.
    """
    closed = {"bot_id": bot_id, "chat_id": chat_id, "at": at, "reason": reason}
    await session.execute(_CLOSE, closed)


async def reopen(session: Session, bot_id: int, chat_id: int, at: datetime) -> None:
    """Forget that the chat was closed, unless it has closed later than that moment."""
    await session.execute(_REOPEN, {"bot_id": bot_id, "chat_id": chat_id, "at": at})


async def move(session: Session, sending: Sending, chat_id: int) -> None:
    """The group has become a supergroup: its open parts and its dialogs move to the new id."""
    await outbox.not_sent(session, sending, delay=timedelta(), reason="moved", as_new=True)
    address = sending.address
    moved = {"bot_id": address.bot_id, "chat_id": address.chat_id, "new_id": chat_id}
    for statement in _MOVE:
        await session.execute(statement, moved)


_sql = partial(sql, at=DateTime(timezone=True), new_id=BigInteger)


_CLOSE = _sql(
    """
    INSERT INTO closed_chats (bot_id, chat_id, closed_at, reason)
    VALUES (:bot_id, :chat_id, :at, :reason)
    ON CONFLICT (bot_id, chat_id)
    DO UPDATE SET closed_at = excluded.closed_at, reason = excluded.reason
    WHERE closed_chats.closed_at < excluded.closed_at
    """
)
_REOPEN = _sql(
    """
    DELETE FROM closed_chats
    WHERE bot_id = :bot_id AND chat_id = :chat_id AND closed_at <= :at
    """
)

_MOVE = (
    _sql(
        """
        UPDATE outbox SET chat_id = :new_id, reply_to_message_id = NULL
        WHERE bot_id = :bot_id AND chat_id = :chat_id AND state = 'pending'
        """
    ),
    _sql(
        """
        UPDATE dialogs SET chat_id = :new_id
        WHERE bot_id = :bot_id AND chat_id = :chat_id AND closed_at IS NULL
        """
    ),
    # what was asked under the old id is answered under the new one
    _sql("DELETE FROM closed_chats WHERE bot_id = :bot_id AND chat_id = :chat_id"),
)
