"""Buttons that have something done once more."""

import contextlib
import time
from typing import Any

from aiogram import F, Router
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, Message

from bot.floods import Floods
from bot.handlers import address_of
from bot.ingest import describe
from bot.reply import RetryTurn, SendAgain
from bot.texts import Texts
from core.chat.desk import Desk
from core.chat.inbox import Work
from core.chat.outbox import Address
from core.chat.repeats import Asked

router = Router()


@router.callback_query(RetryTurn.filter())
async def retry_pressed(
    query: CallbackQuery,
    callback_data: RetryTurn,
    desk: Desk,
    work: Work,
    texts: Texts,
    floods: Floods,
) -> None:
    """The question is queued as if its author had sent it again, as the message that was pressed:
    pressed twice, it has been sent already.
    """
    button = query.message
    asked = (
        await desk.asked(address_of(button), callback_data.turn_id)
        if isinstance(button, Message)
        else None
    )
    if asked and asked.user_id != query.from_user.id:
        await desk.close(work)
        await _tell(query, texts.again.not_yours)
    elif asked is None:
        await desk.close(work)
        await _tell(query, texts.again.gone)
    else:
        await desk.replace(work, describe(_as_message(work.raw, asked)))
        await _tell(query, texts.again.asked)
        await _remove_button(query, floods)


@router.callback_query(SendAgain.filter(), F.message)
async def send_again_pressed(
    query: CallbackQuery,
    callback_data: SendAgain,
    desk: Desk,
    work: Work,
    texts: Texts,
    floods: Floods,
) -> None:
    button = query.message
    assert button is not None
    address = Address(
        bot_id=work.bot_id,
        chat_id=button.chat.id,
        thread_id=address_of(button).thread_id if isinstance(button, Message) else 0,
    )
    is_sent = await desk.send_again(work, address, callback_data.turn_id)
    await _tell(query, texts.again.sending if is_sent else texts.again.nothing_to_send)
    await _remove_button(query, floods)


def _as_message(raw: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """An update like that of a message in answer to the one with the button."""
    query = raw["callback_query"]
    button = query["message"]
    where = ("message_id", "chat", "message_thread_id", "is_topic_message")
    answered = {name: button[name] for name in ("message_id", "chat", "from", "date")}
    said = {"photo": asked.photo, "caption": asked.text} if asked.photo else {"text": asked.text}
    message = {name: button[name] for name in where if name in button} | {
        "from": query["from"],
        "date": int(time.time()),
        "reply_to_message": answered,
        **said,
    }
    return {"update_id": raw["update_id"], "message": message}


async def _tell(query: CallbackQuery, words: str) -> None:
    """Where the button was pressed; after a while nobody waits there any more."""
    with contextlib.suppress(AiogramError):
        await query.answer(words)


async def _remove_button(query: CallbackQuery, floods: Floods) -> None:
    """It may stay when Telegram is busy: pressed again, it does nothing."""
    if isinstance(query.message, Message) and not floods.holds(query.message.chat.id):
        with contextlib.suppress(AiogramError):
            await query.message.edit_reply_markup(reply_markup=None)
