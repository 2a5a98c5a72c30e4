"""The outbox sender: the one place that sends replies.

Intent first, then the call, then its outcome; see `core.chat.outbox` for why. Parts of one chat go
in order, chats go side by side.
"""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import (
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
)
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from bot.floods import Floods
from bot.metrics_messages import Messages
from bot.outcome import Fate, Fix, Outcome, classify
from bot.pace import Pace
from bot.reply import apology
from bot.wake import Wake
from core import tracing
from core.chat import chats, outbox, repeats
from core.chat.inbox import Fenced
from core.chat.outbox import Sending
from core.db.session import Database, Session
from core.failpoints import Failpoint, reach
from core.logging import get_logger
from core.settings import SendPolicy

log = get_logger(__name__)

_LONGEST_CALL_SECONDS = 10
_NOTE_AGAIN_SECONDS = 0.3
#: messages a minute that Telegram lets a bot send into one group
_GROUP_LIMIT = 20
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    def __init__(
        self,
        bot: Bot,
        database: Database,
        *,
        policy: SendPolicy,
        lease: timedelta,
        concurrency: int,
        messages: Messages,
        floods: Floods,
        pace: Pace,
    ) -> None:
        self._bot = bot
        self._database = database
        self._policy = policy
        self._lease = lease
        self._concurrency = concurrency
        self._messages = messages
        self._floods = floods
        self._pace = pace
        self._running: set[asyncio.Task[None]] = set()
        self.wake = Wake()

    async def run(self) -> None:
        """Send for ever; `drain` ends it."""
        async with asyncio.TaskGroup() as tasks:
            while not self.wake.is_closed:
                for sending in await self._claim():
                    task = tasks.create_task(self._deliver(sending))
                    self._running.add(task)
                    task.add_done_callback(self._done)
                await asyncio.sleep(0)  # each begins with its call, which the pace then counts
                await self.wake.wait(self._pace.pause())

    async def recover(self) -> None:
        """Look, for ever, for parts whose sender vanished."""
        while True:
            try:
                async with self._database.write() as session:
                    marked = await outbox.recover(session, self._bot.id, self._policy)
                    for turn_id in marked:
                        await self._apologize(session, turn_id)
                    if marked:
                        reach(Failpoint.PARTS_RECOVERED)
                if marked:
                    log.warning("delivery_unknown", parts=len(marked))
                    self._messages.unknown(len(marked))
                    self.wake.set()
            except (SQLAlchemyError, OSError) as error:
                log.error("recovery_failed", error=type(error).__name__)
            await asyncio.sleep(self._lease.total_seconds() / 5)

    def drain(self) -> None:
        """Claim nothing any more; calls under way are finished."""
        self.wake.close()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.wake.set()

    async def _claim(self) -> list[Sending]:
        free = min(self._concurrency - len(self._running), self._pace.room())
        if free <= 0:
            return []
        try:
            async with self._database.write() as session:
                claimed = await outbox.claim(
                    session,
                    self._bot.id,
                    limit=free,
                    lease=self._lease,
                    group_limit=None if self._pace.is_off else _GROUP_LIMIT,
                )
        except (SQLAlchemyError, OSError) as error:
            log.error("outbox_unreachable", error=type(error).__name__)
            await asyncio.sleep(1)
            return []
        return claimed

    async def _deliver(self, sending: Sending) -> None:
        with (
            bound_contextvars(part=str(sending.id), turn=str(sending.turn_id)),
            tracing.span("send"),
        ):
            await self._send_and_settle(sending)

    async def _send_and_settle(self, sending: Sending) -> None:
        reach(Failpoint.PART_CLAIMED)
        try:
            message_id, outcome = await self._send(sending)
            reach(Failpoint.PART_DELIVERED)
            self._messages.sent(outcome, is_edit=sending.edit_message_id is not None)
            await self._note(sending, message_id, outcome)
            reach(Failpoint.PART_SETTLED)
            if outcome and outcome.is_flood:
                await self._floods.met(sending.address.chat_id, outcome.delay)
        except Fenced:
            log.warning("part_fenced")
        except (SQLAlchemyError, OSError) as error:
            # The part stays `sending`: when its lease ends it counts as of unknown fate.
            log.error("outcome_not_stored", error=type(error).__name__)

    async def _note(self, sending: Sending, message_id: int, outcome: Outcome | None) -> None:
        """Store what became of a part: again and again while the lease lasts, for what is not
        stored counts as of unknown fate.
        """
        # The call may have taken the other half.
        until = time.monotonic() + self._lease.total_seconds() / 2
        while True:
            try:
                async with self._database.write() as session:
                    if outcome is None:
                        await outbox.sent(session, sending, message_id)
                    else:
                        await self._settle(session, sending, outcome)
            except (SQLAlchemyError, OSError):
                if self.wake.is_closed or time.monotonic() > until:
                    raise
                await asyncio.sleep(_NOTE_AGAIN_SECONDS)
            else:
                fate, why = (outcome.fate, outcome.reason) if outcome else (Fate.SENT, None)
                log.info("part_settled", fate=fate.name, why=why)
                return

    async def _send(self, sending: Sending) -> tuple[int, Outcome | None]:
        try:
            # less than half the lease, so that a call never outlives its intent
            timeout = max(1, int(min(self._lease.total_seconds() / 2 - 0.5, _LONGEST_CALL_SECONDS)))
            message = await self._bot(_method(sending), request_timeout=timeout)
        except AiogramError as error:
            return 0, classify(error)
        return message.message_id if isinstance(message, Message) else 0, None

    async def _settle(self, session: Session, sending: Sending, outcome: Outcome) -> None:
        match outcome.fate:
            case Fate.SENT:
                await outbox.sent(session, sending, sending.edit_message_id or 0)
            case Fate.NOT_SENT_RETRY:
                await outbox.not_sent(session, sending, delay=outcome.delay, reason=outcome.reason)
            case Fate.UNDELIVERABLE if outcome.closes_chat:
                await chats.refuse(session, sending, outcome.reason)
            case Fate.UNDELIVERABLE:
                await outbox.undeliverable(session, sending, outcome.reason)
            case Fate.AMBIGUOUS:
                await outbox.ambiguous(
                    session, sending, self._policy, delay=outcome.delay, reason=outcome.reason
                )
                await self._apologize(session, sending.turn_id)
            case Fate.NOT_SENT_FIX:
                await self._fix(session, sending, outcome)

    async def _apologize(self, session: Session, turn_id: UUID | None) -> None:
        """Who may lack a part of an answer that is not sent again by itself can have it sent."""
        if turn_id and self._policy is SendPolicy.HOLD:
            await repeats.offer(session, turn_id, apology)

    async def _fix(self, session: Session, sending: Sending, outcome: Outcome) -> None:
        if outcome.new_chat_id is not None:
            await chats.move(session, sending, outcome.new_chat_id)
        elif outcome.fix is Fix.PLAIN_TEXT and sending.is_plain:
            await outbox.undeliverable(session, sending, "refused even as plain text")
        else:
            await outbox.not_sent(
                session,
                sending,
                delay=timedelta(),
                reason=outcome.reason,
                as_plain=outcome.fix is Fix.PLAIN_TEXT,
                as_new=outcome.fix is Fix.NEW_MESSAGE,
            )


def _method(sending: Sending) -> TelegramMethod[Any]:
    part = sending.part
    entities = None if sending.is_plain else [MessageEntity(**entity) for entity in part.entities]
    markup = InlineKeyboardMarkup.model_validate(part.reply_markup) if part.reply_markup else None
    if sending.edit_message_id is not None:
        return EditMessageText(
            chat_id=sending.address.chat_id,
            message_id=sending.edit_message_id,
            text=part.content,
            entities=entities,
            parse_mode=None,
            link_preview_options=_NO_PREVIEW,
            reply_markup=markup,
        )
    return SendMessage(
        chat_id=sending.address.chat_id,
        message_thread_id=sending.address.thread_id or None,
        text=part.content,
        entities=entities,
        parse_mode=None,
        link_preview_options=_NO_PREVIEW,
        reply_markup=markup,
        reply_parameters=_reply_to(sending.reply_to_message_id),
    )


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
