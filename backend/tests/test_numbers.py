"""One message in, one number out: from the person's chat to the analyst's answer."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import aiohttp
import httpx2
import pytest

from api.accounts import store
from api.accounts.passwords import make_context
from api.app import create_app
from core.db.session import Database
from core.settings import load

from .conftest import Person, Stack, call, until

Join = Callable[..., Awaitable[Person]]
Query = Callable[..., Awaitable[list[Any]]]
PASSWORD = "four quiet herons wade"


@pytest.fixture(autouse=True, scope="module")
def running(stack: Stack) -> None:
    stack.start_bot()


@pytest.fixture
async def analyst(stack: Stack) -> AsyncGenerator[httpx2.AsyncClient]:
    """Somebody signed in at the API."""
    database = Database(stack.database_url)
    async with database.write() as session:
        if await store.get_account(session, "ada") is None:
            password_hash = make_context().hash(PASSWORD)
            await store.add_account(session, "ada", password_hash=password_hash, role="analyst")
    await database.close()
    app = create_app(load(None, {"DATABASE_URL": stack.database_url}))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app),
            base_url="https://api/api/v1",
            auth=("ada", PASSWORD),
        ) as http,
    ):
        yield http


@pytest.fixture
def finished(query: Query) -> Callable[[int], Awaitable[None]]:
    async def finished(count: int) -> None:
        async def are_final() -> bool:
            rows = await query("SELECT count(*) FROM turns WHERE finished_at IS NOT NULL")
            return rows == [(count,)]

        await until(are_final)

    return finished


async def summary(analyst: httpx2.AsyncClient, **asked: str) -> dict[str, Any]:
    answer = await analyst.get("/stats", params={"period": "day", **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["summary"]["current"]
    return found


class TestNumbers:
    async def test_follow_a_conversation(
        self,
        analyst: httpx2.AsyncClient,
        join: Join,
        finished: Callable[[int], Awaitable[None]],
        query: Query,
    ) -> None:
        ann, ben = await join(language_code="en"), await join(first_name="Ben", language_code="ru")
        await ann.write("hello")
        await ann.write("how are you?")
        await ben.write("what is a tide?")
        await finished(3)
        numbers = await summary(analyst)
        assert (numbers["questions"], numbers["answers"], numbers["messages"]) == (3, 3, 6)
        assert (numbers["active_users"], numbers["new_users"], numbers["dialogs"]) == (2, 2, 2)
        [(tokens, cost, length)] = await query(
            "SELECT sum(prompt_tokens + completion_tokens), sum(cost_micros), "
            "avg(answer_length) FROM turns"
        )
        assert (numbers["tokens"], numbers["cost"]) == (tokens, cost)
        assert numbers["answer_length"] == pytest.approx(float(length))
        assert numbers["first_visible_p50"] > 0
        assert (await summary(analyst, language="ru"))["questions"] == 1

    async def test_tell_a_person_what_they_used(
        self,
        http: aiohttp.ClientSession,
        analyst: httpx2.AsyncClient,
        join: Join,
        finished: Callable[[int], Awaitable[None]],
    ) -> None:
        ann, ben = await join(language_code="en"), await join(first_name="Ben", language_code="ru")
        await ben.write("what is a tide?")
        await ann.write("hello")
        await finished(2)
        await ann.write("/usage")
        usage = (await ann.wait_for_answers(2))[-1]
        assert "Last 24 hours:\nQuestions: 1\nAnswers: 1\nTokens: " in usage
        assert "Last 30 days:" in usage
        await ben.write("/usage")
        assert "За 7 дней:\nВопросы: 1\n" in (await ben.wait_for_answers(2))[-1]

    async def test_show_failures_and_fallbacks(
        self,
        http: aiohttp.ClientSession,
        analyst: httpx2.AsyncClient,
        join: Join,
        finished: Callable[[int], Awaitable[None]],
    ) -> None:
        ann = await join()
        fault = {"kind": "status", "status": 503, "model": "parley/demo-large", "times": 1}
        await call(http, "/script/provider/faults", fault)
        await ann.write("hello")
        await finished(1)
        numbers = await summary(analyst)
        assert (numbers["saved_answers"], numbers["fallback_rate"]) == (1, 1.0)
        answer = await analyst.get(
            "/stats/breakdown",
            params={"metric": ["calls", "failed_calls"], "by": "model", "period": "day"},
        )
        calls = {part["key"]: part["values"] for part in answer.json()["slices"]}
        assert calls["parley/demo-large"] == {"calls": 1, "failed_calls": 1}
