"""/privacy, /export and /delete: what is said, and which buttons stand below it."""

import contextlib
import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardButton, Message
from pydantic import Field

from bot.handlers import address_of
from bot.privacy_texts import Facts
from bot.reply import plain_parts, with_buttons
from bot.rights import Place, Rights
from bot.texts import Texts
from core.chat.desk import Desk
from core.chat.inbox import Work
from core.chat.outbox import Address

router = Router()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)
#: characters of an answer to a press, as Telegram allows
_LONGEST_ANSWER = 200


class Wish(StrEnum):
    EXPORT = "export"
    ERASE = "erase"


class Offer(CallbackData, prefix="privacy"):
    """What a button below /privacy asks for, for whoever presses it."""

    wish: Wish


class Sure(CallbackData, prefix="erase"):
    """Whether the person who sent /delete is sure.

    Clients can send any data they like, but not as somebody else: who presses must be the person.
    """

    #: a digest of the person and of the moment
    who: str
    #: milliseconds by the database's clock
    asked: Annotated[int, Field(ge=0, lt=2**42)]
    is_sure: bool


@router.message(Command("privacy"))
async def privacy(message: Message, desk: Desk, work: Work, texts: Texts, facts: Facts) -> None:
    parts = plain_parts(texts.privacy.privacy(facts))
    offers = [
        InlineKeyboardButton(text=words, callback_data=Offer(wish=wish).pack())
        for wish, words in (
            (Wish.EXPORT, texts.privacy.export_button),
            (Wish.ERASE, texts.privacy.erase_button),
        )
    ]
    await desk.say(work, address_of(message), with_buttons(parts, offers))


@router.message(Command("export"), F.chat.type != ChatType.PRIVATE)
async def export_elsewhere(message: Message, desk: Desk, work: Work, texts: Texts) -> None:
    await desk.say(work, address_of(message), plain_parts(texts.privacy.export_in_private))


@router.message(Command("export"), F.from_user)
async def export(message: Message, rights: Rights, work: Work, texts: Texts) -> None:
    assert message.from_user is not None
    await rights.export(work, address_of(message), message.from_user.id, texts)


@router.message(Command("delete"), F.from_user, ~F.from_user.is_bot)
async def delete(message: Message, rights: Rights, work: Work, texts: Texts) -> None:
    assert message.from_user is not None
    await _ask_whether_sure(message, message.from_user.id, rights, work, texts)


@router.callback_query(Offer.filter(F.wish == Wish.EXPORT))
async def export_pressed(
    query: CallbackQuery, rights: Rights, desk: Desk, work: Work, texts: Texts
) -> None:
    if not isinstance(query.message, Message) or query.message.chat.type != ChatType.PRIVATE:
        await desk.close(work)
        await _answer(query, texts.privacy.export_in_private, is_loud=True)
        return
    await _answer(query, texts.privacy.export_begun)
    await rights.export(work, address_of(query.message), query.from_user.id, texts)


@router.callback_query(Offer.filter(F.wish == Wish.ERASE), F.message)
async def delete_pressed(query: CallbackQuery, rights: Rights, work: Work, texts: Texts) -> None:
    assert query.message is not None
    await _ask_whether_sure(query.message, query.from_user.id, rights, work, texts)
    await _answer(query)


@router.callback_query(Sure.filter())
async def decided(
    query: CallbackQuery,
    callback_data: Sure,
    rights: Rights,
    desk: Desk,
    work: Work,
    texts: Texts,
) -> None:
    if _digest(query.from_user.id, callback_data.asked) != callback_data.who:
        await desk.close(work)
        await _answer(query, texts.privacy.not_yours, is_loud=True)
        return
    place = _place(query.message) if query.message else None
    if callback_data.is_sure:
        asked_at = _EPOCH + callback_data.asked * _TICK
        told = await rights.erase(work, place, query.from_user.id, asked_at, texts)
    else:
        told = await rights.keep(work, place, texts)
    await _answer(query, told)


async def _ask_whether_sure(
    message: Message | InaccessibleMessage,
    user_id: int,
    rights: Rights,
    work: Work,
    texts: Texts,
) -> None:
    def buttons(now: datetime) -> list[InlineKeyboardButton]:
        asked = (now - _EPOCH) // _TICK
        who = _digest(user_id, asked)
        return [
            InlineKeyboardButton(
                text=words, callback_data=Sure(who=who, asked=asked, is_sure=is_sure).pack()
            )
            for is_sure, words in (
                (True, texts.privacy.yes_button),
                (False, texts.privacy.no_button),
            )
        ]

    await rights.ask_whether_sure(work, _place(message), user_id, texts, buttons)


def _digest(user_id: int, asked: int) -> str:
    """Tells the person without naming them: a button in a group stays in the outbox for a while."""
    return hashlib.sha256(f"{user_id} {asked}".encode()).hexdigest()[:16]


def _place(message: Message | InaccessibleMessage) -> Place:
    """Telegram does not show a message that is two days old; it can be changed all the same."""
    if isinstance(message, Message):
        address = address_of(message)
    else:
        assert message.bot is not None
        address = Address(bot_id=message.bot.id, chat_id=message.chat.id)
    is_private = message.chat.type == ChatType.PRIVATE
    return Place(address=address, message_id=message.message_id, is_private=is_private)


async def _answer(query: CallbackQuery, words: str | None = None, *, is_loud: bool = False) -> None:
    """Tell it where the button was pressed; after a while nobody waits there any more."""
    shown = words[:_LONGEST_ANSWER] if words else None
    with contextlib.suppress(AiogramError):
        await query.answer(shown, show_alert=is_loud)
