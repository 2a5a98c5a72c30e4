"""Turns that wait: no model could be reached, and the question may be answered later.

The work item goes back into the inbox with a time before which nobody takes it; whatever comes
later in its lane waits behind it. It costs the item neither a try nor a claim.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Interval

from core.chat import inbox
from core.chat.inbox import Fenced, Work
from core.chat.outbox import Address
from core.chat.values import Turn
from core.db.session import ReadSession, Session
from core.db.sql import sql

#: between two tries
SHORTEST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What somebody waits for in a chat."""

    #: when no model could be reached for the first time; null when nothing waits for a model
    waiting_since: datetime | None
    #: until models are asked again; null while they are being asked
    next_try_in: timedelta | None
    #: messages of the person that are to be worked on after that
    behind: int


async def wait(
    session: Session, work: Work, turn: Turn, *, back_in: timedelta, patience: timedelta
) -> bool:
    """Hand the turn and its item back until a model may be there again.

    The pause is what the models ask for, and at least as long as the turn has waited so far: 2, 4,
    8 seconds, to a minute. False, and nothing is changed, when the turn has waited for so long as
    `patience`, or the item is no longer ours. Raises Fenced when the turn has ended meanwhile.
    """
    handed_back = await session.execute(
        _HAND_BACK,
        {
            "bot_id": work.bot_id,
            "seq": work.seq,
            "epoch": work.epoch,
            "turn_id": turn.id,
            "back_in": back_in,
            "patience": patience,
        },
    )
    if not handed_back.rowcount:
        return False
    is_stopped = (await session.execute(_WAIT, {"turn_id": turn.id})).scalar_one_or_none()
    if is_stopped is None:
        raise Fenced
    if is_stopped:  # taken again at once, it is told to have stopped
        await inbox.hurry(session, work.bot_id, turn.address.lane)
    return True


async def queue(session: ReadSession, address: Address, user_id: int) -> Queue:
    rows = await session.execute(
        _QUEUE,
        {
            "bot_id": address.bot_id,
            "chat_id": address.chat_id,
            "thread_id": address.thread_id,
            "lane": address.lane,
            "user_id": user_id,
        },
    )
    return Queue(**rows.mappings().one())


_HAND_BACK = sql(
    """
    UPDATE inbox
    SET state = 'pending', attempts = inbox.attempts - 1, lease_until = NULL,
        run_after = now() + least(
            greatest(:back_in, now() - turns.waiting_since, :shortest),
            :longest,
            coalesce(turns.waiting_since, now()) + :patience - now()
        )
    FROM turns
    WHERE turns.id = :turn_id AND coalesce(turns.waiting_since, now()) + :patience > now()
      AND inbox.bot_id = :bot_id AND inbox.seq = :seq AND inbox.epoch = :epoch
      AND inbox.state = 'running'
    """,
    **dict.fromkeys(("back_in", "patience", "shortest", "longest"), Interval),
).bindparams(shortest=SHORTEST_PAUSE, longest=LONGEST_PAUSE)

_WAIT = sql(
    """
    UPDATE turns
    SET state = 'waiting_provider', waiting_since = coalesce(waiting_since, now())
    WHERE id = :turn_id AND state = 'generating'
    RETURNING stop_requested_at IS NOT NULL
    """
)

_QUEUE = sql(
    """
    WITH waits AS (
        SELECT waiting_since, state FROM turns
        WHERE bot_id = :bot_id AND chat_id = :chat_id AND thread_id = :thread_id
          AND state IN ('received', 'generating', 'waiting_provider')
          AND waiting_since IS NOT NULL
        ORDER BY waiting_since LIMIT 1
    ), lane AS (
        SELECT user_id, kind, run_after, state, row_number() OVER (ORDER BY seq) AS place
        FROM inbox
        WHERE bot_id = :bot_id AND lane = :lane AND state IN ('pending', 'running')
    )
    SELECT (SELECT waiting_since FROM waits) AS waiting_since,
           (SELECT greatest(run_after - now(), interval '0') FROM lane
            WHERE place = 1 AND state = 'pending'
              AND EXISTS (SELECT FROM waits WHERE waits.state = 'waiting_provider')
           ) AS next_try_in,
           (SELECT count(*) FROM lane
            WHERE user_id = :user_id AND kind = 'message' AND state = 'pending'
              AND (place > 1 OR NOT EXISTS (SELECT FROM waits))
           ) AS behind
    """
)
