"""What happens before every handler: the words in the person's language are found, and what the
person has before them is known to have arrived.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.handlers import address_of
from bot.texts import texts_for
from core.chat.desk import Desk


class Language(BaseMiddleware):
    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        person: User | None = data.get("event_from_user")
        data["texts"] = texts_for(person.language_code if person else None)
        return await handler(event, data)


class Seen(BaseMiddleware):
    """Who answers to a message of ours, or presses its button, has it before them."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        desk = data["desk"]
        assert isinstance(desk, Desk)
        ours = _ours(event)
        if ours and ours.text:
            await desk.seen(address_of(ours), ours.message_id, ours.text)
        return await handler(event, data)


def _ours(event: TelegramObject) -> Message | None:
    match event:
        case CallbackQuery(message=Message() as message):
            return message
        case Message(bot=bot, reply_to_message=Message(from_user=User(id=author)) as message):
            return message if bot and author == bot.id else None
    return None
