"""What is asked or sent once more because somebody pressed a button.

A part of unknown fate that is not sent again by itself leaves its person in doubt: they are offered
to have the answer sent again. What they press or answer to has arrived, so it is no longer unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Integer, Text, column

from core.chat import outbox, updates
from core.chat.outbox import Address, Part
from core.db.session import ReadSession, Session
from core.db.sql import sql

#: what is said, in a person's language, about an answer that may not have arrived
Apology = Callable[[str | None, UUID], Sequence[Part]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the past, in its newest wording."""

    user_id: int
    #: below a photograph it may be empty
    text: str
    #: its sizes, as Telegram sent them
    photo: Any = None


async def question_of(session: ReadSession, address: Address, turn_id: UUID) -> Asked | None:
    """The question of a turn in this chat; None when it is not there any more, or there was more
    to it than words and a photograph. A photograph is there as long as its raw update.
    """
    rows = await session.execute(
        _QUESTION,
        {"bot_id": address.bot_id, "chat_id": address.chat_id, "turn_id": turn_id},
    )
    row = rows.one_or_none()
    if row is None:
        return None
    # PostgreSQL itself cannot look into an update that has an escape which no text can hold.
    photo = updates.event_of(row.raw).get("photo")
    return Asked(user_id=row.user_id, text=row.text, photo=photo)


async def offer(session: Session, turn_id: UUID, apology: Apology) -> None:
    """Offer to send the answer of a turn again, once, if nobody knows whether all of it arrived."""
    row = (await session.execute(_IN_DOUBT, {"turn_id": turn_id})).one_or_none()
    if row:
        address = Address(bot_id=row.bot_id, chat_id=row.chat_id, thread_id=row.thread_id)
        parts = apology(row.language, turn_id)
        await outbox.enqueue(session, address, parts, turn_id=turn_id, is_beside=True)


async def send_again(session: Session, address: Address, turn_id: UUID) -> bool:
    """Send the stored parts of an answer once more; False when they were, or are there no more."""
    which = {"bot_id": address.bot_id, "chat_id": address.chat_id, "turn_id": turn_id}
    if not (await session.execute(_LOCK, which)).first():
        return False
    rows = (await session.execute(_PARTS, which)).all()
    if not rows or len({row.part for row in rows}) < len(rows):
        return False
    parts = [Part(content=row.content, entities=row.entities) for row in rows]
    await outbox.enqueue(session, address, parts, turn_id=turn_id)
    return True


async def seen(session: Session, address: Address, message_id: int, text: str) -> bool:
    """Somebody has our message before them: a part of unknown fate with these words has arrived.

    Returns whether there was one.
    """
    found = await session.execute(
        _SEEN,
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "message_id": message_id,
            "text": text,
        },
    )
    return bool(found.rowcount)


_QUESTION = sql(
    """
    SELECT turns.user_id, messages.content AS text, sent.raw
    FROM turns JOIN messages ON messages.id = turns.question_id
    LEFT JOIN LATERAL (
        SELECT inbox.raw FROM inbox
        WHERE messages.kind = 'photo' AND inbox.kind = 'message'
          AND inbox.bot_id = turns.bot_id AND inbox.user_id = turns.user_id
          AND starts_with(
              inbox.identity, concat_ws(':', 'message', turns.chat_id, telegram_message_id, '')
          )
        LIMIT 1
    ) AS sent ON true
    WHERE turns.id = :turn_id AND turns.bot_id = :bot_id AND turns.chat_id = :chat_id
      AND messages.deleted_at IS NULL
      AND (messages.kind = 'text' AND messages.content <> '' OR sent.raw IS NOT NULL)
    """
).columns(column("user_id", BigInteger), column("text", Text), column("raw", JSON))

_IN_DOUBT = sql(
    """
    SELECT bot_id, chat_id, thread_id, language FROM turns
    WHERE id = :turn_id
      AND EXISTS (SELECT FROM outbox WHERE turn_id = :turn_id AND state = 'unknown' AND part >= 0)
      AND NOT EXISTS (SELECT FROM outbox WHERE turn_id = :turn_id AND part < 0)
    """
)

_LOCK = sql(
    """
    SELECT id FROM turns
    WHERE id = :turn_id AND bot_id = :bot_id AND chat_id = :chat_id
    FOR NO KEY UPDATE
    """
)
_PARTS = sql(
    """
    SELECT part, content, entities FROM outbox
    WHERE turn_id = :turn_id AND part >= 0 AND content <> '' ORDER BY seq
    """
).columns(column("part", Integer), column("content", Text), column("entities", JSON))

_SEEN = sql(
    """
    UPDATE outbox SET state = 'sent', message_id = :message_id
    WHERE id = (
        SELECT id FROM outbox
        WHERE bot_id = :bot_id AND chat_id = :chat_id AND message_id IS NULL
          AND state = 'unknown' AND content = :text
        ORDER BY seq LIMIT 1
    ) AND NOT EXISTS (
        SELECT FROM outbox
        WHERE bot_id = :bot_id AND chat_id = :chat_id AND message_id = :message_id
    )
    """,
    text=Text,
)
