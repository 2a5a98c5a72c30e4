"""Several accounts: which keys work at the start, and whether money has come back."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from backend.core.tests.llm.conftest import HELLO, PROMPT, Wire, account, chunked, head
from structlog.testing import capture_logs

from core.errors import StartupError
from core.llm.accounts import AccountWatch
from core.llm.build import Models, build_model
from core.llm.errors import NoCredit
from core.llm.health import Health, Scope, State
from core.llm.model import AttemptStarted, Finished
from core.llm.models_file import catalog_of
from core.llm.openai import open_client
from core.settings import load

FILE = """\
[credentials.work]
provider = "local"
base_url = "{work}"
key = "WORK_KEY"

[credentials.home]
provider = "local"
base_url = "{home}"
key = "HOME_KEY"

[targets.first]
credential = "work"
model = "m/first"

[targets.second]
credential = "home"
model = "m/second"

[chains]
default = ["first", "second"]
"""
REFUSED = head(401, "application/json"), b'{"error": {"message": "no such key"}}'
KNOWN = head(200, "application/json"), b'{"data": {"label": "test"}}'


@pytest.fixture
async def stack() -> AsyncGenerator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def other(stack: AsyncExitStack) -> Wire:
    """The provider of the second account."""
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    stack.callback(server.close)
    return wire


@pytest.fixture
def build(wire: Wire, other: Wire, stack: AsyncExitStack, tmp_path: Path) -> Any:
    async def build() -> Models:
        path = tmp_path / "models.toml"
        path.write_text(FILE.format(work=wire.url, home=other.url))
        given = {"MODELS_FILE": str(path), "WORK_KEY": "sk-work", "HOME_KEY": "sk-home"}
        settings = load(None, given)
        return await build_model(settings, catalog_of(settings), stack)

    return build


class TestKeys:
    async def test_each_account_is_asked_with_its_own(
        self, wire: Wire, other: Wire, build: Callable[[], Any]
    ) -> None:
        wire.reply(*KNOWN)
        other.reply(*KNOWN)
        await build()
        assert {x.headers["authorization"] for x in wire.requests} == {"Bearer sk-work"}
        assert {x.headers["authorization"] for x in other.requests} == {"Bearer sk-home"}

    async def test_one_that_is_refused_is_named_and_left_alone(
        self, wire: Wire, other: Wire, build: Callable[[], Any]
    ) -> None:
        wire.reply(*REFUSED)
        other.reply(*KNOWN)
        with capture_logs() as logs:
            models = await build()
        (warning,) = (log for log in logs if log["event"] == "key_refused")
        assert (warning["account"], warning["variable"], warning["status"]) == (
            "work",
            "WORK_KEY",
            401,
        )
        assert models.router.accounts["work"].state is State.OPEN
        other.replies.clear()
        other.reply(chunked(HELLO))
        events = [event async for event in models.router.stream(PROMPT)]
        assert [x.target for x in events if isinstance(x, AttemptStarted)] == ["second"]
        assert isinstance(events[-1], Finished)

    async def test_where_all_are_refused_nothing_starts(
        self, wire: Wire, other: Wire, build: Callable[[], Any]
    ) -> None:
        wire.reply(*REFUSED)
        other.reply(*REFUSED)
        with pytest.raises(StartupError) as told:
            await build()
        sentence = str(told.value)
        assert "WORK_KEY is refused by 127.0.0.1" in sentence
        assert "HOME_KEY is refused by 127.0.0.1" in sentence
        assert "base_url of [credentials.work]" in sentence
        assert "sk-" not in sentence


def no_credit() -> Health:
    health = Health(asyncio.get_running_loop().time, scope=Scope.CREDENTIAL)
    health.failed(NoCredit(), is_trial=False)
    return health


class TestMoney:
    @pytest.mark.parametrize(
        ("status", "document", "state"),
        [
            (200, {"data": {"limit_remaining": 3.5}}, State.CLOSED),
            (200, {"data": {"limit_remaining": None}}, State.CLOSED),
            (200, {"data": {"limit_remaining": 0}}, State.OPEN),
            (200, {"data": {"limit_remaining": -0.1}}, State.OPEN),
            (200, {"data": {}}, State.OPEN),
            (200, {"data": "much"}, State.OPEN),
            (200, [], State.OPEN),
            (402, {"error": {"message": "none"}}, State.OPEN),
            (404, {}, State.OPEN),
            (503, {}, State.OPEN),
        ],
    )
    async def test_is_asked_about(
        self, wire: Wire, status: int, document: object, state: State
    ) -> None:
        wire.reply(head(status, "application/json"), json.dumps(document).encode())
        health = no_credit()
        async with open_client(account(wire.url)) as client:
            await self.look_once(AccountWatch({"work": health}, {"work": client}), wire)
        assert health.state is state
        assert [request.path for request in wire.requests] == ["/v1/key"]

    async def test_of_an_account_that_is_well_is_not(self, wire: Wire) -> None:
        health = Health(asyncio.get_running_loop().time, scope=Scope.CREDENTIAL)
        async with open_client(account(wire.url)) as client:
            watch = AccountWatch({"work": health}, {"work": client})
            watch.stop()
            await watch.run()
        assert wire.requests == []

    async def look_once(self, watch: AccountWatch, wire: Wire) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watch.run())
            while not wire.requests:
                await asyncio.sleep(0.005)
            watch.stop()
