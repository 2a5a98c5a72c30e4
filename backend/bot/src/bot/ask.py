"""`python -m bot ask CHAT`: a question through the whole path, as if CHAT had sent it.

It goes into the inbox as an update does and is answered by the bot that runs. CHAT is the Telegram
id of somebody who has started the bot, such as the operator: that person sees the answer.
"""

import asyncio
import time
from dataclasses import dataclass

from sqlalchemy import text

from bot.check import Finding, tell
from bot.ingest import describe
from core.chat import inbox
from core.db.session import Database
from core.db.tables import TURN_FINAL
from core.settings import Settings

QUESTION = "Synthetic check: answer with one word."
_LOOK = 0.25
#: seconds; a model may take its time
_PATIENCE = 90.0
#: no chat has so many messages: the synthetic one is nobody else's
_FAR_OFF = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    state: str
    seconds: float
    model: str | None


async def ask(database: Database, *, bot_id: int, chat_id: int, patience: float) -> Answered | None:
    """None when the turn has not ended within `patience` seconds."""
    message_id = _FAR_OFF + int(time.time()) % 100_000_000
    update = {
        "update_id": message_id,
        "message": {
            "message_id": message_id,
            "date": int(time.time()),
            "text": QUESTION,
            "chat": {"id": chat_id, "type": "private", "first_name": "Operator"},
            "from": {"id": chat_id, "is_bot": False, "first_name": "Operator"},
        },
    }
    incoming = describe(update)
    began = time.monotonic()
    async with database.write() as session:
        await inbox.lock_lanes(session, [f"{bot_id}:{incoming.lane}"])
        await inbox.accept(session, bot_id, [incoming])
    while time.monotonic() - began < patience:
        async with database.read() as session:
            row = (
                await session.execute(_TURN, {"bot": bot_id, "chat": chat_id, "id": message_id})
            ).first()
        if row and row.state in TURN_FINAL:
            return Answered(
                state=row.state, seconds=time.monotonic() - began, model=row.model_served
            )
        await asyncio.sleep(_LOOK)
    return None


async def ask_and_tell(settings: Settings, chat_id: int) -> bool:
    """Print the finding as `python -m bot check` does."""
    database = Database(settings.require_database_url(), pool_size=1, max_overflow=0)
    try:
        bot_id = int(settings.require_telegram_token().partition(":")[0])
        answered = await ask(database, bot_id=bot_id, chat_id=chat_id, patience=_PATIENCE)
    finally:
        await database.close()
    tell(_finding(answered))
    return answered is not None and answered.state == "answered"


def _finding(answered: Answered | None) -> Finding:
    name = "synthetic question"
    if answered is None:
        return Finding(
            name=name,
            is_well=False,
            detail=f"no answer within {_PATIENCE:.0f} s",
            remedy="Look at the bot's log: `make prod-logs`.",
        )
    detail = f"{answered.state} after {answered.seconds:.1f} s by {answered.model}"
    if answered.state == "undeliverable":
        remedy = "Telegram has no such chat: OPERATOR_CHAT_ID has to have started the bot."
        return Finding(name=name, is_well=False, detail=detail, remedy=remedy)
    is_well = answered.state == "answered"
    return Finding(name=name, is_well=is_well, detail=detail, remedy="Look at the bot's log.")


_TURN = text(
    "SELECT turns.state, turns.model_served FROM turns JOIN messages ON messages.id = question_id"
    " WHERE messages.bot_id = :bot AND messages.chat_id = :chat AND telegram_message_id = :id"
)
