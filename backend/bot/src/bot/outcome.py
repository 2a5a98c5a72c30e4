"""What became of a call to Telegram: the five answers that decide what happens to a part.

Pure. The distinction that matters is between a call that surely did not reach Telegram and one of
which nobody can know.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError


class Fate(Enum):
    SENT = auto()
    #: surely not there: the same again, later
    NOT_SENT_RETRY = auto()
    #: surely not there, and it never will be like this
    NOT_SENT_FIX = auto()
    UNDELIVERABLE = auto()
    AMBIGUOUS = auto()


class Fix(Enum):
    PLAIN_TEXT = auto()
    NEW_MESSAGE = auto()
    NEW_CHAT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    fate: Fate
    #: a few constant words for the log and the table
    reason: str
    delay: timedelta = timedelta()
    fix: Fix | None = None
    new_chat_id: int | None = None

    @property
    def is_flood(self) -> bool:
        """Whether Telegram asked to wait."""
        return self.reason == _FLOOD

    @property
    def closes_chat(self) -> bool:
        """Whether whatever else is sent there would be refused as well."""
        return self.reason in _CLOSED


_FLOOD = "flood control"
_FORBIDDEN = "forbidden: blocked, left or deleted"
_GONE = "chat gone or closed to the bot"
_CLOSED = frozenset({_FORBIDDEN, _GONE})

#: parts of Telegram's sentences that mean: nobody is there to receive it
_NOBODY = ("chat not found", "user not found", "have no rights", "not enough rights", "kicked")


def classify(error: Exception) -> Outcome:
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return _later(_FLOOD, seconds)
        case TelegramMigrateToChat(migrate_to_chat_id=chat_id):
            return Outcome(
                fate=Fate.NOT_SENT_FIX,
                fix=Fix.NEW_CHAT,
                new_chat_id=chat_id,
                reason="group became a supergroup",
            )
        case TelegramForbiddenError():
            return Outcome(fate=Fate.UNDELIVERABLE, reason=_FORBIDDEN)
        case TelegramUnauthorizedError() | TelegramConflictError():
            return _later("token refused", 30)
        case TelegramEntityTooLarge():
            return Outcome(fate=Fate.UNDELIVERABLE, reason="too large")
        case TelegramBadRequest():
            return _bad_request(error.message.lower())
        case TelegramNetworkError(__cause__=ClientConnectorError() | ConnectionTimeoutError()):
            return _later("telegram unreachable", 2)
        case _:
            return Outcome(
                fate=Fate.AMBIGUOUS, reason=type(error).__name__, delay=timedelta(seconds=1)
            )


def _later(reason: str, seconds: float) -> Outcome:
    return Outcome(fate=Fate.NOT_SENT_RETRY, reason=reason, delay=timedelta(seconds=seconds))


def _bad_request(sentence: str) -> Outcome:
    if "message is not modified" in sentence:
        return Outcome(fate=Fate.SENT, reason="not modified")
    if "message to edit not found" in sentence or "message can't be edited" in sentence:
        return Outcome(fate=Fate.NOT_SENT_FIX, fix=Fix.NEW_MESSAGE, reason="nothing to edit")
    if any(words in sentence for words in _NOBODY):
        return Outcome(fate=Fate.UNDELIVERABLE, reason=_GONE)
    return Outcome(fate=Fate.NOT_SENT_FIX, fix=Fix.PLAIN_TEXT, reason="formatting refused")
