"""Feedback: what people think of an answer, by their reactions to its messages.

A person has one score for a turn, whichever of its parts they react to; a newer one takes the place
of the older. The turn's row is locked first, so that votes of one moment are counted one by one.
"""

from uuid import UUID

from sqlalchemy import SmallInteger

from core.chat.outbox import Address
from core.db.session import Session
from core.db.sql import sql
from core.stats import rollup
from core.stats.measures import Step

LIKE = 1
DISLIKE = -1


async def react(
    session: Session, address: Address, message_id: int, user_id: int, score: int | None
) -> UUID | None:
    """Set the person's score for the turn that the message belongs to; None takes it back.

    Returns the turn, or None when the message is no part of one: of a command's reply, or of
    somebody else. Any part counts, and so does the message that an answer is about to replace.
    """
    turn_id = await _lock_turn(session, address, message_id)
    if turn_id is None:
        return None
    former = await _score(session, turn_id, user_id)
    if former != score:
        await _store(session, address.bot_id, turn_id, user_id, score)
        await rollup.book(session, turn_id, Step.RATED, sign=-1)
        await _count(session, turn_id, former, score)
        await rollup.book(session, turn_id, Step.RATED)
    return turn_id


async def _lock_turn(session: Session, address: Address, message_id: int) -> UUID | None:
    """Find the turn of a message, and hold its row until the transaction ends."""
    place = {"bot_id": address.bot_id, "chat_id": address.chat_id, "message_id": message_id}
    turn_id: UUID | None = (await session.execute(_FIND, place)).scalars().first()
    if turn_id:
        await session.execute(_LOCK, {"turn_id": turn_id})
    return turn_id


async def _score(session: Session, turn_id: UUID, user_id: int) -> int | None:
    rows = await session.execute(_SCORE, {"turn_id": turn_id, "user_id": user_id})
    return rows.scalar_one_or_none()


async def _store(
    session: Session, bot_id: int, turn_id: UUID, user_id: int, score: int | None
) -> None:
    vote = {"turn_id": turn_id, "user_id": user_id}
    if score is None:
        await session.execute(_TAKE_BACK, vote)
    else:
        await session.execute(_VOTE, vote | {"bot_id": bot_id, "score": score})


async def _count(session: Session, turn_id: UUID, former: int | None, score: int | None) -> None:
    """Bring the turn's counts from the former score to the new one."""
    change_in_likes = (score == LIKE) - (former == LIKE)
    change_in_dislikes = (score == DISLIKE) - (former == DISLIKE)
    await session.execute(
        _COUNT,
        {
            "turn_id": turn_id,
            "change_in_likes": change_in_likes,
            "change_in_dislikes": change_in_dislikes,
        },
    )


# The second half is a group's placeholder whose last edit, to the answer, is still to come.
_FIND = sql(
    """
    SELECT turn_id FROM outbox
    WHERE bot_id = :bot_id AND chat_id = :chat_id AND message_id = :message_id
      AND turn_id IS NOT NULL
    UNION ALL
    SELECT turn_id FROM outbox
    WHERE bot_id = :bot_id AND chat_id = :chat_id AND edit_message_id = :message_id
      AND state IN ('pending', 'sending') AND turn_id IS NOT NULL
    LIMIT 1
    """
)

_LOCK = sql("SELECT FROM turns WHERE id = :turn_id FOR NO KEY UPDATE")

_SCORE = sql("SELECT score FROM feedback WHERE turn_id = :turn_id AND user_id = :user_id")
_TAKE_BACK = sql("DELETE FROM feedback WHERE turn_id = :turn_id AND user_id = :user_id")
_VOTE = sql(
    """
    INSERT INTO feedback (turn_id, user_id, bot_id, score)
    VALUES (:turn_id, :user_id, :bot_id, :score)
    ON CONFLICT (turn_id, user_id) DO UPDATE SET score = excluded.score, created_at = now()
    """,
    score=SmallInteger,
)

_COUNT = sql(
    """
    UPDATE turns
    SET likes = likes + :change_in_likes, dislikes = dislikes + :change_in_dislikes
    WHERE id = :turn_id
    """,
    change_in_likes=SmallInteger,
    change_in_dislikes=SmallInteger,
)
