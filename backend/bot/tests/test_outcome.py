"""What each answer of Telegram means for a part. The sentences are Telegram's own."""

import aiohttp
import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiohttp.client_reqrep import ConnectionKey

from bot.outcome import Fate, Fix, classify

CALL = SendMessage(chat_id=1, text="hello")
_KEY = ConnectionKey("host", 443, True, True, None, None, None, None)


def network(cause: BaseException) -> TelegramNetworkError:
    error = TelegramNetworkError(method=CALL, message="network")
    error.__cause__ = cause
    return error


def bad_request(sentence: str) -> TelegramBadRequest:
    return TelegramBadRequest(method=CALL, message=f"Bad Request: {sentence}")


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (network(aiohttp.ClientConnectorError(_KEY, OSError("refused"))), Fate.NOT_SENT_RETRY),
        (network(aiohttp.ConnectionTimeoutError()), Fate.NOT_SENT_RETRY),
        (network(aiohttp.ServerDisconnectedError()), Fate.AMBIGUOUS),
        (network(aiohttp.ClientOSError(104, "reset")), Fate.AMBIGUOUS),
        (network(aiohttp.ClientPayloadError()), Fate.AMBIGUOUS),
        (network(TimeoutError()), Fate.AMBIGUOUS),
        (TelegramServerError(method=CALL, message="Bad Gateway"), Fate.AMBIGUOUS),
        (ClientDecodeError("Failed to decode object", ValueError(), "<html>"), Fate.AMBIGUOUS),
        (TelegramUnauthorizedError(method=CALL, message="Unauthorized"), Fate.NOT_SENT_RETRY),
        (TelegramConflictError(method=CALL, message="Conflict"), Fate.NOT_SENT_RETRY),
        (
            TelegramForbiddenError(method=CALL, message="bot was blocked by the user"),
            Fate.UNDELIVERABLE,
        ),
        (bad_request("chat not found"), Fate.UNDELIVERABLE),
        (bad_request("not enough rights to send text messages to the chat"), Fate.UNDELIVERABLE),
        (bad_request("message is not modified: specified new message…"), Fate.SENT),
    ],
)
def test_fate(error: Exception, fate: Fate) -> None:
    assert classify(error).fate is fate


def test_flood_control_says_how_long() -> None:
    outcome = classify(TelegramRetryAfter(method=CALL, message="slow down", retry_after=149))
    assert (outcome.fate, outcome.delay.total_seconds()) == (Fate.NOT_SENT_RETRY, 149)
    assert outcome.is_flood


@pytest.mark.parametrize(
    ("error", "closes_chat"),
    [
        (TelegramForbiddenError(method=CALL, message="user is deactivated"), True),
        (bad_request("chat not found"), True),
        (bad_request("not enough rights to send text messages to the chat"), True),
        (TelegramEntityTooLarge(method=CALL, message="Request Entity Too Large"), False),
        (bad_request("message is too long"), False),
        (network(TimeoutError()), False),
    ],
)
def test_it_tells_whether_the_chat_or_the_part_is_refused(
    error: Exception,
    closes_chat: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert classify(error).closes_chat is closes_chat


def test_other_reasons_to_wait_are_no_flood() -> None:
    outcome = classify(TelegramConflictError(method=CALL, message="another poller"))
    assert outcome.fate is Fate.NOT_SENT_RETRY
    assert not outcome.is_flood


def test_a_group_that_became_a_supergroup_has_a_new_id() -> None:
    error = TelegramMigrateToChat(method=CALL, message="migrated", migrate_to_chat_id=-100)
    outcome = classify(error)
    assert (outcome.fix, outcome.new_chat_id) == (Fix.NEW_CHAT, -100)


@pytest.mark.parametrize(
    ("sentence", "fix"),
    [
        ("can't parse entities: unsupported start tag", Fix.PLAIN_TEXT),
        ("message is too long", Fix.PLAIN_TEXT),
        ("message to edit not found", Fix.NEW_MESSAGE),
        ("message can't be edited", Fix.NEW_MESSAGE),
    ],
)
def test_what_can_be_mended_is(sentence: str, fix: Fix) -> None:
    outcome = classify(bad_request(sentence))
    assert (outcome.fate, outcome.fix) == (Fate.NOT_SENT_FIX, fix)


def test_a_reason_never_quotes_telegram() -> None:
    assert "secret words" not in classify(bad_request("secret words")).reason
