"""How an answer appears in Telegram while it is written.

Private chats get the native draft with its Stop button; groups get a placeholder message that is
edited, for drafts do not exist there. Both show a frame every second or, in groups, every three,
pass over frames when they are late, and fall silent when Telegram asks for it: only the final
parts, which the outbox sends, must arrive.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)

from bot import limits
from bot.floods import Floods
from bot.pace import Pace
from bot.render import Part as Rendered
from bot.render import plain, preview, render
from bot.texts import Texts, texts_for
from core.chat.caps import Exceeded
from core.chat.outbox import Part
from core.chat.reply import Sentence, Show
from core.chat.values import Question, Turn
from core.logging import get_logger

log = get_logger(__name__)

#: an answer that is ready sooner needs no preview
PATIENCE_SECONDS = 0.3
FRAME_SECONDS = 1.0
#: Telegram lets a bot change or send 20 messages a minute in a group
GROUP_FRAME_SECONDS = 3.0
#: a draft vanishes after 30 seconds
REFRESH_SECONDS = 20.0

Remember = Callable[[Turn, int], Awaitable[None]]


class StopTurn(CallbackData, prefix="stop"):
    """What the Stop button below a placeholder sends back."""

    turn_id: UUID


class RetryTurn(CallbackData, prefix="retry"):
    """What the button below the words about a failure sends back: the turn to be repeated."""

    turn_id: UUID


class SendAgain(CallbackData, prefix="repeat"):
    """What the button below an apology sends back: the turn whose answer is to be sent again."""

    turn_id: UUID


class TelegramSink:
    """The reply to one question; a `core.chat.reply.ReplySink`."""

    def __init__(
        self,
        bot: Bot,
        question: Question,
        texts: Texts,
        *,
        floods: Floods,
        pace: Pace,
        remember: Remember,
    ) -> None:
        self._bot = bot
        self._question = question
        self._texts = texts
        self._floods = floods
        self._pace = pace
        #: stores the placeholder's id with the turn
        self._remember = remember
        self._text = ""
        self._news = asyncio.Event()
        #: there is text to show
        self._spoken = asyncio.Event()
        self._over = asyncio.Event()
        self.placeholder_message_id: int | None = None

    @asynccontextmanager
    async def live(self, turn: Turn) -> AsyncGenerator[Show]:
        self.placeholder_message_id = turn.placeholder_message_id
        if turn.silence:
            self._floods.begin(turn.address.chat_id, turn.silence)
        frames = asyncio.get_running_loop().create_task(self._show_frames(turn))
        try:
            yield self._show
        finally:
            # A frame on its way is waited for: it must not appear after the answer.
            self._over.set()
            self._news.set()
            self._spoken.set()
            await frames

    def compose(self, markdown: str, *, note: Sentence | None = None) -> Sequence[Part]:
        below = self._texts.sentences[note] if note else ""
        parts = render(markdown, note=below)
        if any(part.plain for part in parts):
            log.warning("answer_not_formatted", length=len(markdown))
        return [_part(part) for part in parts]

    def say(self, sentence: Sentence, turn_id: UUID | None = None) -> Sequence[Part]:
        parts = plain_parts(self._texts.sentences[sentence])
        button = self._button(sentence, turn_id) if turn_id else None
        return with_buttons(parts, [button]) if button else parts

    def refuse(self, exceeded: Exceeded) -> Sequence[Part]:
        return plain_parts(limits.told(exceeded, self._texts.limits))

    def _button(self, sentence: Sentence, turn_id: UUID) -> InlineKeyboardButton | None:
        """Where nothing takes the place of the words about waiting, a button would outlive it."""
        match sentence:
            case Sentence.FAILED:
                data = RetryTurn(turn_id=turn_id).pack()
                return InlineKeyboardButton(text=self._texts.retry_button, callback_data=data)
            case Sentence.WAITING if self.placeholder_message_id is not None:
                return self._stop_button(turn_id)
        return None

    def _show(self, text: str) -> None:
        self._text = text
        self._news.set()
        if text.strip():
            self._spoken.set()
        else:
            self._spoken.clear()

    async def _show_frames(self, turn: Turn) -> None:
        """A frame may go some time after the one before it. The first one with text need not
        wait for that after one without; the next then waits for longer.
        """
        is_private = self._question.is_private
        frame = self._draft if is_private else self._edit
        seconds = FRAME_SECONDS if is_private else GROUP_FRAME_SECONDS
        await _wait(self._over, PATIENCE_SECONDS)
        if turn.waited is not None:  # what was said about waiting stands until there is text
            await self._spoken.wait()
        due = overdue = _now()
        while not self._over.is_set():
            self._news.clear()
            is_silent = not self._spoken.is_set()
            if self._may_show(turn, is_overdue=_now() >= overdue):
                await self._try(frame, turn)
                overdue = _now() + REFRESH_SECONDS
            due = max(due, _now()) + seconds
            if is_silent:
                await _wait(self._spoken, max(seconds, overdue - _now()))
            else:
                await _wait(self._over, max(0.0, due - _now()))
                await _wait(self._news, REFRESH_SECONDS - seconds)

    def _may_show(self, turn: Turn, *, is_overdue: bool) -> bool:
        is_held = self._floods.holds(turn.address.chat_id)
        return not is_held and self._pace.spare(is_overdue=is_overdue)

    async def _try(self, frame: Callable[[Turn], Awaitable[None]], turn: Turn) -> None:
        """Show a frame; one that fails is passed over."""
        try:
            await frame(turn)
        except TelegramRetryAfter as error:
            await self._floods.met(turn.address.chat_id, timedelta(seconds=error.retry_after))
            log.info("preview_paused", seconds=error.retry_after)
        except Exception as error:  # noqa: BLE001 - a preview must never cost the answer
            log.info("preview_failed", error=type(error).__name__)

    async def _draft(self, turn: Turn) -> None:
        text, entities = self._preview()
        await self._bot.send_message_draft(
            chat_id=turn.address.chat_id,
            message_thread_id=turn.address.thread_id or None,
            draft_id=turn.draft_id,
            text=text,
            entities=entities,
            parse_mode=None,
            can_stop=True,
            keep_on_stop=True,
            request_timeout=5,
        )

    async def _edit(self, turn: Turn) -> None:
        text, entities = self._preview()
        if self.placeholder_message_id is None:
            await self._put_up_placeholder(turn, text, entities)
        elif text:
            await self._bot.edit_message_text(
                chat_id=turn.address.chat_id,
                message_id=self.placeholder_message_id,
                text=text,
                entities=entities,
                parse_mode=None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=self._stop_markup(turn),
                request_timeout=5,
            )

    async def _put_up_placeholder(
        self, turn: Turn, text: str, entities: list[MessageEntity]
    ) -> None:
        message = await self._bot.send_message(
            chat_id=turn.address.chat_id,
            message_thread_id=turn.address.thread_id or None,
            text=text or "…",
            entities=entities,
            parse_mode=None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=ReplyParameters(
                message_id=self._question.message_id, allow_sending_without_reply=True
            ),
            reply_markup=self._stop_markup(turn),
            request_timeout=5,
        )
        self.placeholder_message_id = message.message_id
        await self._remember(turn, message.message_id)

    def _preview(self) -> tuple[str, list[MessageEntity]]:
        if not self._text.strip():
            return "", []
        part = preview(self._text)
        return part.text, [MessageEntity(**entity) for entity in _entities(part)]

    def _stop_markup(self, turn: Turn) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup(inline_keyboard=[[self._stop_button(turn.id)]])

    def _stop_button(self, turn_id: UUID) -> InlineKeyboardButton:
        data = StopTurn(turn_id=turn_id).pack()
        return InlineKeyboardButton(text=self._texts.stop_button, callback_data=data)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def plain_parts(text: str) -> list[Part]:
    return [_part(part) for part in plain(text)]


def apology(language: str | None, turn_id: UUID) -> Sequence[Part]:
    """For an answer of which nobody can know whether all of it arrived."""
    again = texts_for(language).again
    button = InlineKeyboardButton(
        text=again.send_button, callback_data=SendAgain(turn_id=turn_id).pack()
    )
    return with_buttons(plain_parts(again.in_doubt), [button])


def with_buttons(parts: Sequence[Part], buttons: Sequence[InlineKeyboardButton]) -> list[Part]:
    """The same, with the buttons below the last one, each in a row of its own."""
    markup = InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])
    *rest, last = parts
    return [*rest, replace(last, reply_markup=markup.model_dump(exclude_none=True))]


def _part(part: Rendered) -> Part:
    return Part(content=part.text, entities=_entities(part))


def _entities(part: Rendered) -> list[dict[str, Any]]:
    return [entity.to_json() for entity in part.entities]
