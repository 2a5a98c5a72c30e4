"""What happens to each kind of update. aiogram's router and filters choose; a few lines act.

Every handler closes its work item in the transaction that stores what it decided, so that a crash
before leaves the item to be taken again and a crash after leaves nothing to do.
"""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from aiogram import Bot, F, Router
from aiogram.enums import ChatType, ContentType
from aiogram.filters import BaseFilter, Command, CommandStart
from aiogram.types import (
    CallbackQuery,
    ChatMemberUpdated,
    Message,
    MessageGenerationStopped,
    MessageReactionUpdated,
    User,
)

from bot import status
from bot.floods import Floods
from bot.membership import refusal_of
from bot.pace import Pace
from bot.photos import Photos
from bot.reactions import score_of
from bot.reply import StopTurn, TelegramSink, plain_parts
from bot.texts import Texts
from bot.usage import Usage, told
from core import tracing
from core.chat.desk import Desk
from core.chat.inbox import Work
from core.chat.outbox import Address
from core.chat.turns import Turns
from core.chat.values import Person, Question
from core.llm.outlook import Outlook
from core.text import sanitize

router = Router()

#: tells how the models are
LookAhead = Callable[[], Outlook]

#: what a person may send; everything else in a chat is service news that wants no answer
CONTENT = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.GAME,
        ContentType.LIVE_PHOTO,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.RICH_MESSAGE,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.TEXT,
        ContentType.UNKNOWN,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)


class Addressed(BaseFilter):
    """In private every message is for the bot; in a group those that mention or answer it."""

    async def __call__(self, message: Message, me: User) -> bool:
        if message.chat.type == ChatType.PRIVATE:
            return True
        answered = message.reply_to_message
        if answered and answered.from_user and answered.from_user.id == me.id:
            return True
        return f"@{me.username}".lower() in (message.text or message.caption or "").lower()


@router.message(CommandStart())
async def start(message: Message, desk: Desk, work: Work, texts: Texts) -> None:
    await desk.say(work, address_of(message), plain_parts(texts.start))


@router.message(Command("help"))
async def help_(message: Message, desk: Desk, work: Work, texts: Texts) -> None:
    await desk.say(work, address_of(message), plain_parts(texts.help))


@router.message(Command("new"))
async def new(message: Message, desk: Desk, work: Work, texts: Texts) -> None:
    parts = plain_parts(texts.new_dialog)
    await desk.say(work, address_of(message), parts, ends_dialog=True)


@router.message(Command("stop"))
async def stop(message: Message, turns: Turns, desk: Desk, work: Work, texts: Texts) -> None:
    if await turns.stop(address_of(message)):
        await desk.close(work)
    else:
        await desk.say(work, address_of(message), plain_parts(texts.nothing_to_stop))


@router.message(Command("status"), F.from_user)
async def status_(
    message: Message, desk: Desk, work: Work, texts: Texts, outlook: LookAhead, zone: ZoneInfo
) -> None:
    assert message.from_user is not None
    address = address_of(message)
    queue = await desk.queue(address, message.from_user.id)
    words = status.told(outlook(), queue, texts.status, zone)
    await desk.say(work, address, plain_parts(words))


@router.message(Command("usage"), F.from_user)
async def usage(message: Message, desk: Desk, work: Work, texts: Texts, usage: Usage) -> None:
    assert message.from_user is not None
    found = await usage.of(work.bot_id, message.from_user.id)
    left = await usage.left(work.bot_id, message.from_user.id)
    await desk.say(work, address_of(message), plain_parts(told(found, left, texts)))


@router.message(F.chat.type == ChatType.PRIVATE, F.text.regexp(r"^/[a-z_]+$"))
async def unknown_command(message: Message, desk: Desk, work: Work, texts: Texts) -> None:
    await desk.say(work, address_of(message), plain_parts(texts.unknown_command))


@router.message(~F.from_user.is_bot, F.content_type.in_(CONTENT), Addressed())
async def question(
    message: Message,
    bot: Bot,
    turns: Turns,
    work: Work,
    texts: Texts,
    floods: Floods,
    pace: Pace,
    photos: Photos,
) -> None:
    asked = replace(_question(message), images=await photos.of(message))
    sink = TelegramSink(
        bot, asked, texts, floods=floods, pace=pace, remember=turns.remember_placeholder
    )
    with tracing.span("turn"):
        await turns.take(work, asked, sink)


@router.edited_message(F.text)
async def edited(message: Message, desk: Desk, work: Work) -> None:
    await desk.revise(work, address_of(message), message.message_id, sanitize(message.text or ""))


@router.message_reaction(F.user)
async def reacted(event: MessageReactionUpdated, desk: Desk, work: Work) -> None:
    """Feedback on an answer. Who reacts anonymously has no vote that could be taken back."""
    assert event.user is not None
    address = Address(bot_id=work.bot_id, chat_id=event.chat.id)
    score = score_of(event.new_reaction)
    await desk.rate(work, address, event.message_id, event.user.id, score)


@router.my_chat_member()
async def membership(event: ChatMemberUpdated, desk: Desk, work: Work) -> None:
    """The bot was blocked or let in again, thrown out or added, muted or given a voice."""
    await desk.meet(work, event.chat.id, refused=refusal_of(event.new_chat_member))


@router.stopped_message_generation()
async def stopped(event: MessageGenerationStopped, turns: Turns, desk: Desk, work: Work) -> None:
    address = Address(
        bot_id=work.bot_id, chat_id=event.chat.id, thread_id=event.message_thread_id or 0
    )
    await turns.stop(address, draft_id=event.draft_id)
    await desk.close(work)


@router.callback_query(StopTurn.filter())
async def stop_pressed(
    query: CallbackQuery,
    callback_data: StopTurn,
    turns: Turns,
    desk: Desk,
    work: Work,
    texts: Texts,
) -> None:
    assert isinstance(query.message, Message)
    found = await turns.stop(address_of(query.message), turn_id=callback_data.turn_id)
    await desk.close(work)
    await query.answer(texts.stopping if found else texts.nothing_to_stop)


def _question(message: Message) -> Question:
    author = message.from_user
    assert author is not None
    return Question(
        address=address_of(message),
        chat_kind=message.chat.type,
        person=Person(
            id=author.id,
            first_name=sanitize(author.first_name),
            last_name=sanitize(author.last_name) if author.last_name else None,
            username=author.username,
            language_code=author.language_code,
        ),
        message_id=message.message_id,
        text=sanitize(message.text or message.caption or ""),
        kind="text" if message.text is not None else message.content_type,
        is_private=message.chat.type == ChatType.PRIVATE,
    )


def address_of(message: Message) -> Address:
    assert message.bot is not None
    thread = message.message_thread_id if message.is_topic_message else None
    return Address(bot_id=message.bot.id, chat_id=message.chat.id, thread_id=thread or 0)
