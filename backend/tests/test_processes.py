"""What one process does from its start to its end; test_kills.py and its kind break it."""

import hashlib
import signal
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import Any

import aiohttp
import pytest

from .conftest import Person, Stack, call, order_speed, press, until

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
def stack(fresh_stack: Stack) -> Stack:
    return fresh_stack


async def test_a_bot_told_to_stop_finishes_what_it_writes(
    stack: Stack, join: Join, http: aiohttp.ClientSession
) -> None:
    stack.start_bot()
    await order_speed(http, first_token_ms=600, tokens_per_second=0)
    ann = await join()
    await ann.write("Quickly, before you go")

    async def is_asked() -> bool:
        return bool(await call(http, "/script/provider/calls"))

    await until(is_asked)
    assert stack.bot.end(signal.SIGTERM) == 0
    assert len(await ann.wait_for_answers()) == 1


async def test_who_asks_too_often_is_told_when_to_come_back(
    stack: Stack, join: Join, http: aiohttp.ClientSession
) -> None:
    stack.bot.variables |= {"USER_MESSAGES_PER_MINUTE": "1", "GLOBAL_COST_PER_DAY": "0.5"}
    stack.start_bot()
    ann = await join(language_code="ru")
    await ann.write("Первый вопрос")
    await ann.write("Второй вопрос")
    _, refused = await ann.wait_for_answers(2)
    assert refused.startswith("Предел сообщений за минуту достигнут: 1. Спросите снова через")
    assert len(await call(http, "/script/provider/calls")) == 1


async def test_what_is_not_sent_twice_by_itself_is_offered_and_what_is_answered_was_seen(
    stack: Stack, join: Join, http: aiohttp.ClientSession, query: Query
) -> None:
    stack.bot.variables |= {"SEND_POLICY": "hold"}
    stack.start_bot()
    await call(http, "/script/provider/replies", {"default": "The answer"})
    fault = {"method": "sendMessage", "kind": "drop_after"}
    await call(http, "/script/telegram/faults", fault)
    ann = await join()
    await ann.write("Hello!")
    answer, in_doubt = await ann.wait_for_answers(2)
    assert answer == "The answer"
    assert in_doubt.startswith("The connection to Telegram broke")
    assert await query("SELECT state FROM outbox WHERE part = 0") == [("unknown",)]
    await press(http, ann, "Send it again")
    assert (await ann.wait_for_answers(3))[2] == "The answer"
    [first, *_] = await ann.seen()
    await ann.write("So you said", reply_to_message_id=first["message_id"])
    await ann.wait_for_answers(4)
    states = "SELECT state, message_id FROM outbox WHERE part = 0 ORDER BY seq LIMIT 1"
    assert await query(states) == [("sent", first["message_id"])]


async def test_a_bot_tells_that_it_lives_until_its_clean_end(stack: Stack, query: Query) -> None:
    async def is_there() -> bool:
        return await query("SELECT count(*) FROM bot_processes") == [(1,)]

    stack.start_bot()
    await until(is_there)
    assert stack.bot.process
    alive = "SELECT bot_id, pid, seen_at > now() - interval '30 seconds' FROM bot_processes"
    assert await query(alive) == [(42, stack.bot.process.pid, True)]
    stack.bot.end(signal.SIGKILL)
    assert await is_there()
    stack.start_bot()

    async def are_two() -> bool:
        return await query("SELECT count(*) FROM bot_processes") == [(2,)]

    await until(are_two)
    assert stack.bot.end() == 0
    assert await is_there()


async def test_a_bot_marks_with_what_it_started_and_what_has_changed(
    stack: Stack, join: Join, query: Query
) -> None:
    stack.start_bot()
    ann = await join()
    await ann.write("Hello!")
    await ann.wait_for_answers()
    stack.bot.end()
    stack.bot.variables |= {"SYSTEM_PROMPT": "Be brief.", "OPENROUTER_FALLBACK_MODELS": ""}
    stack.start_bot()
    marks = await query("SELECT kind, label FROM stats_marks ORDER BY at")
    [(prompt_hash,)] = await query("SELECT prompt_hash FROM turns")
    assert marks == [
        ("release", version("parley-bot")),
        ("prompt", prompt_hash[:8]),
        ("models", "parley/demo-large → parley/demo-small"),
        ("prompt", hashlib.sha256(b"Be brief.").hexdigest()[:8]),
        ("models", "parley/demo-large"),
    ]


async def test_no_text_token_or_key_reaches_the_log(
    join: Join, http: aiohttp.ClientSession, stack: Stack
) -> None:
    stack.start_bot()
    html = {"method": "sendMessage", "kind": "html"}
    await call(http, "/script/telegram/faults", html)
    await call(http, "/script/provider/faults", {"kind": "cut_fin", "model": "parley/demo-large"})
    ann = await join(first_name="Annabella")
    await ann.write("my confidential question")
    await ann.wait_for_answers()
    stack.bot.end()
    assert '"event": "turn_ready"' in stack.bot.output
    for secret in ("confidential", "Annabella", "simulator-token", "simulator-key"):
        assert secret not in stack.bot.output
