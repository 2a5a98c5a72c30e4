"""What goes wrong outside, and what a person and the tables then see."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from .conftest import Person, Stack, call, order_speed, until

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[Any]]]


@pytest.fixture(autouse=True, scope="module")
def running(stack: Stack) -> None:
    stack.bot.variables |= {"WAIT_SECONDS": "1"}
    stack.start_bot()


@pytest.fixture
def rested(stack: Stack) -> None:
    """Models that failed in other tests are left alone: a new process knows nothing of that."""
    stack.bot.end()
    stack.start_bot()


async def provider_fault(http: aiohttp.ClientSession, **fault: Any) -> None:
    await call(http, "/script/provider/faults", fault)


async def telegram_fault(http: aiohttp.ClientSession, **fault: Any) -> None:
    await call(http, "/script/telegram/faults", fault)


async def inject(http: aiohttp.ClientSession, *updates: Any) -> None:
    await call(http, "/script/telegram/updates", {"updates": list(updates)})


#: of models: other tests have an account refused
MARKS = "SELECT label FROM stats_marks WHERE kind = 'breaker' AND label LIKE 'parley/%'"


@pytest.mark.usefixtures("rested")
class TestProvider:
    @pytest.mark.parametrize(
        ("kind", "error_kind"),
        [
            ("status", "unavailable"),
            ("cut_rst", "broken"),
            ("eof_without_finish", "broken"),
            ("empty_text", "garbage"),
            ("garbage_json", "broken"),
            ("error_in_200", "unavailable"),
        ],
    )
    async def test_the_fallback_answers_and_both_attempts_are_recorded(
        self, join: Join, http: aiohttp.ClientSession, query: Query, kind: str, error_kind: str
    ) -> None:
        await provider_fault(http, kind=kind, model="parley/demo-large", times=None)
        ann = await join()
        await ann.write("Hello!")
        [answer] = await ann.wait_for_answers()
        assert "Hello" in answer
        assert await query(
            "SELECT target, outcome, error_kind FROM llm_attempts ORDER BY created_at"
        ) == [
            ("parley/demo-large", "failed", error_kind),
            ("parley/demo-small", "answered", None),
        ]
        assert await query("SELECT is_fallback, model_served FROM turns") == [
            (True, "parley/demo-small")
        ]

    async def test_a_model_that_fails_often_is_left_alone_and_marked(
        self, join: Join, http: aiohttp.ClientSession, query: Query, stack: Stack
    ) -> None:
        await provider_fault(http, kind="status", model="parley/demo-large", times=None)
        ann = await join()
        for number in range(4):
            await ann.write("Hello!")
            await ann.wait_for_answers(number + 1)
        assert await query("SELECT target FROM llm_attempts ORDER BY created_at") == [
            *[("parley/demo-large",), ("parley/demo-small",)] * 3,
            ("parley/demo-small",),
        ]
        assert await query("SELECT count(*) FROM turns WHERE is_fallback") == [(4,)]
        assert await query(MARKS) == [("parley/demo-large",)]
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{stack.bot_url}/metrics") as it,
        ):
            text = await it.text()
        assert 'llm_breaker_state{model="parley/demo-large",state="open"} 1.0' in text
        assert 'llm_breaker_state{model="parley/demo-small",state="closed"} 1.0' in text

    async def test_when_no_model_can_answer_the_person_is_told(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        body = {"error": {"code": 401, "message": "key sk-or-v1-very-secret is wrong"}}
        await provider_fault(http, kind="status", status=401, body=body, times=None)
        ann = await join()
        await ann.write("Hello!")
        waiting, failed = await ann.wait_for_answers(2)
        assert waiting.startswith("No language model can be reached right now")
        assert failed.startswith("Sorry, none of the language models could answer")
        assert "secret" not in waiting + failed
        assert await query("SELECT verdict, error_kind FROM turns") == [
            ("failed_told", "all_targets_failed")
        ]


class TestTelegram:
    async def test_a_flood_is_marked_once_while_it_lasts(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await telegram_fault(http, method="sendMessage", kind="flood", retry_after=5, times=2)
        people = [await join(), await join()]
        for person in people:
            await person.write("Hello!")
        for person in people:
            assert len(await person.wait_for_answers()) == 1
        floods = "SELECT label FROM stats_marks WHERE kind = 'flood'"
        assert await query(floods) == [("Telegram asked to wait 5 s",)]

    async def test_an_answer_to_somebody_who_blocked_the_bot_is_undeliverable(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await order_speed(http, first_token_ms=500, tokens_per_second=0)
        ann = await join()
        await ann.write("Hello!")
        await call(http, f"/people/chats/{ann.id}/block", {"user_id": ann.id, "blocked": True})

        async def is_final() -> bool:
            return await query("SELECT state FROM turns") == [("undeliverable",)]

        await until(is_final)


class TestUpdates:
    async def test_one_that_cannot_be_parsed_is_parked_and_the_next_one_flows(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        await inject(
            http,
            {"message": {"message_id": "no number", "chat": 7}},
            {"some_future_kind": {"x": 1}},
            '"a string, not an update"',
            "<html>not even JSON</html>",
        )
        ann = await join()
        await ann.write("Hello!")
        assert len(await ann.wait_for_answers()) == 1
        parked = await query("SELECT reason FROM inbox WHERE state = 'dead' ORDER BY seq")
        assert len(parked) == 3
        assert all(reason for (reason,) in parked)

    @pytest.mark.parametrize(
        ("message", "stored", "beginning"),
        [
            ("zero \x00 and half \ud83d", "zero \ufffd and half \ufffd", ""),
            ("\u200b \u2060", "\u200b \u2060", "I see no text"),
            ("x" * 1_000_000, "x" * 1_000_000, "This message is longer"),
        ],
    )
    async def test_hostile_text_is_stored_sanitized_and_answered_politely(
        self,
        join: Join,
        http: aiohttp.ClientSession,
        query: Query,
        message: str,
        stored: str,
        beginning: str,
    ) -> None:
        ann = await join()
        update = {
            "message": {
                "message_id": 7,
                "date": 1_790_000_000,
                "chat": {"id": ann.id, "type": "private", "first_name": "Ann"},
                "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
                "text": message,
            }
        }
        await inject(http, json.loads(json.dumps(update)))
        [answer, *_] = await ann.wait_for_answers()
        assert answer.startswith(beginning)
        assert await query("SELECT content FROM messages WHERE role = 'user'") == [(stored,)]

    async def test_the_same_update_twice_is_answered_once(
        self, join: Join, http: aiohttp.ClientSession, query: Query
    ) -> None:
        ann = await join()
        await ann.write("Hello!")
        await ann.wait_for_answers()
        [(raw,)] = await query("SELECT raw FROM inbox WHERE kind = 'message'")
        await inject(http, raw, {**raw, "update_id": raw["update_id"] + 900})

        async def is_taken() -> bool:
            return await query("SELECT count(*) FROM inbox WHERE kind = 'message'") == [(2,)]

        await until(is_taken)
        await ann.write("Hello again!")
        assert len(await ann.wait_for_answers(2)) == 2


async def test_a_photo_gets_a_sentence(join: Join, http: aiohttp.ClientSession) -> None:
    ann = await join()
    form = aiohttp.FormData({"user_id": str(ann.id), "kind": "photo"})
    form.add_field("file", b"\x89PNG", filename="cat.png", content_type="image/png")
    async with http.post(f"/people/chats/{ann.id}/files", data=form) as response:
        assert response.ok
    [answer] = await ann.wait_for_answers()
    assert answer.startswith("I can only read text")
