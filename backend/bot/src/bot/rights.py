"""What people may do with their data: take them along, and have them erased."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, InlineKeyboardButton
from sqlalchemy import func, select

from bot.outcome import Fate, classify
from bot.reply import plain_parts, with_buttons
from bot.texts import Texts
from core.chat import erasure, inbox, outbox, takeout
from core.chat.erasure import Unfinished
from core.chat.inbox import Work
from core.chat.outbox import Address
from core.chat.reply import Sentence
from core.chat.takeout import Document
from core.chat.turns import Turns
from core.db.session import Database, Session
from core.logging import get_logger

log = get_logger(__name__)

#: how long somebody may think about it
VALID = timedelta(minutes=10)
#: documents that are held in memory at a time
_AT_ONCE = 2
#: frames of an answer that are on their way when it is stopped have then arrived
_SETTLED = timedelta(seconds=2)
_UPLOAD_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody has asked: the chat, and the message to answer to or to change."""

    address: Address
    message_id: int
    is_private: bool = True


class Rights:
    """One instance serves all chats of a process."""

    def __init__(
        self, bot: Bot, database: Database, turns: Turns, *, delivered: Callable[[], None]
    ) -> None:
        self._bot = bot
        self._database = database
        self._turns = turns
        #: called when there is something in the outbox to send
        self._delivered = delivered
        self._documents = asyncio.Semaphore(_AT_ONCE)

    async def ask_whether_sure(
        self,
        work: Work,
        place: Place,
        user_id: int,
        texts: Texts,
        buttons: Callable[[datetime], Sequence[InlineKeyboardButton]],
    ) -> None:
        """Ask before anything is erased; where nothing is kept say so, and keep nothing."""
        async with self._database.write() as session:
            if await erasure.is_known(session, work, user_id):
                await inbox.finish(session, work)
                now: datetime = (await session.execute(select(func.now()))).scalar_one()
                words = plain_parts(texts.privacy.sure(_minutes(VALID)))
                parts = with_buttons(words, buttons(now))
            else:
                await inbox.forget(session, work)
                parts = plain_parts(texts.privacy.nothing_kept)
            await outbox.enqueue(
                session,
                place.address,
                parts,
                reply_to_message_id=None if place.is_private else place.message_id,
            )
        self._delivered()

    async def erase(
        self, work: Work, place: Place | None, user_id: int, asked_at: datetime, texts: Texts
    ) -> str:
        """Erase what is kept of the person who is sure; returns what to tell them at once.

        The message with the buttons tells it, too.
        """
        unfinished: tuple[Unfinished, ...] = ()
        async with self._database.write() as session:
            await erasure.lock(session, work.bot_id, user_id)
            await inbox.forget(session, work)
            last = await erasure.erased_at(session, work.bot_id, user_id)
            now: datetime = (await session.execute(select(func.now()))).scalar_one()
            if last and last >= asked_at:
                told = texts.privacy.erased
            elif now - asked_at > VALID:
                told = texts.privacy.expired
            else:
                unfinished = (await erasure.erase(session, work.bot_id, user_id)).unfinished
                told = texts.privacy.erased
                log.info("person_erased", unfinished=len(unfinished))
            await _change(session, place, told)
            await _close_placeholders(session, unfinished, texts)
        for turn in unfinished:
            self._turns.interrupt(turn.turn_id)
        self._delivered()
        return told

    async def keep(self, work: Work, place: Place | None, texts: Texts) -> str:
        """Take the question back; returns what to tell."""
        async with self._database.write() as session:
            await inbox.finish(session, work)
            await _change(session, place, texts.privacy.not_erased)
        self._delivered()
        return texts.privacy.not_erased

    async def export(self, work: Work, address: Address, user_id: int, texts: Texts) -> None:
        """Send the person all that is kept of them, into their private chat with the bot."""
        async with self._documents:
            answer = await self._collect(work, user_id, texts)
            if isinstance(answer, Document) and not await self._send(answer, address, texts):
                answer = texts.privacy.export_failed
        async with self._database.write() as session:
            if answer == texts.privacy.nothing_kept:
                await inbox.forget(session, work)
            else:
                await inbox.finish(session, work)
            if isinstance(answer, Document):
                await takeout.note(session, work.bot_id, user_id)
            else:
                await outbox.enqueue(session, address, plain_parts(answer))
        self._delivered()

    async def _collect(self, work: Work, user_id: int, texts: Texts) -> Document | str:
        """The document, or why there is none."""
        async with self._database.snapshot() as session:
            if not await erasure.is_known(session, work, user_id):
                return texts.privacy.nothing_kept
            if left := await takeout.pause_left(session, work.bot_id, user_id):
                return texts.privacy.export_later(_minutes(left))
            return await takeout.collect(session, work.bot_id, user_id, but=work.seq)

    async def _send(self, document: Document, address: Address, texts: Texts) -> bool:
        """Whether it surely arrived, or never can.

        It is sent beside the outbox, which would hold one more copy of everything.
        """
        try:
            await self._bot.send_document(
                chat_id=address.chat_id,
                message_thread_id=address.thread_id or None,
                document=BufferedInputFile(document.content, document.name),
                caption=texts.privacy.export_caption,
                parse_mode=None,
                request_timeout=_UPLOAD_SECONDS,
            )
        except AiogramError as error:
            outcome = classify(error)
            log.warning("export_not_sent", fate=outcome.fate.name, why=outcome.reason)
            return outcome.fate is Fate.UNDELIVERABLE
        log.info("export_sent", bytes=len(document.content))
        return True


async def _change(session: Session, place: Place | None, told: str) -> None:
    """Put words in the place of a question and its buttons."""
    if place:
        parts = plain_parts(told)
        await outbox.enqueue(session, place.address, parts, edit_message_id=place.message_id)


async def _close_placeholders(
    session: Session, unfinished: tuple[Unfinished, ...], texts: Texts
) -> None:
    """What was shown of answers in groups gives way to a word, after the frames on their way."""
    for turn in unfinished:
        if turn.placeholder_message_id:
            await outbox.enqueue(
                session,
                turn.address,
                plain_parts(texts.sentences[Sentence.STOPPED]),
                edit_message_id=turn.placeholder_message_id,
                delay=_SETTLED,
            )


def _minutes(duration: timedelta) -> int:
    return max(1, -int(-duration.total_seconds() // 60))
