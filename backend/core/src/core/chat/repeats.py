"""What is asked or sent once more because somebody pressed a button."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, bindparam, text

from core.chat.outbox import Address
from core.db.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the past, in its newest wording."""

    user_id: int
    text: str


async def question_of(session: ReadSession, address: Address, turn_id: UUID) -> Asked | None:
    """The question of a turn in this chat; None when it is not there any more."""
    rows = await session.execute(
        _QUESTION,
        {"bot_id": address.bot_id, "chat_id": address.chat_id, "turn_id": turn_id},
    )
    row = rows.mappings().one_or_none()
    return Asked(**row) if row else None


_QUESTION = text(
    """
    SELECT turns.user_id, messages.content AS text
    FROM turns JOIN messages ON messages.id = turns.question_id
    WHERE turns.id = :turn_id AND turns.bot_id = :bot_id AND turns.chat_id = :chat_id
      AND messages.deleted_at IS NULL AND messages.content <> ''
    """
).bindparams(
    bindparam("turn_id", type_=Uuid),
    bindparam("bot_id", type_=BigInteger),
    bindparam("chat_id", type_=BigInteger),
)
