"""From settings to a router, against a server that answers like a provider."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest
from backend.core.tests.llm.conftest import HELLO, KEY, PROMPT, Act, Wire, chunked, head
from pydantic import SecretStr
from structlog.testing import capture_logs

from core.errors import StartupError
from core.llm.build import DEFAULT_WINDOW, Models, build_model
from core.llm.model import AttemptStarted, Finished
from core.llm.models_file import catalog_of
from core.llm.router import Router
from core.settings import Settings

MODELS = {
    "data": [
        {"id": "first/model", "context_length": 32_000},
        {"id": "second/model", "context_length": 128_000},
        {"id": "odd/model", "context_length": None},
        {"id": "negative/model", "context_length": -1},
        {"name": "no id"},
        "junk",
    ]
}
KNOWN_KEY = head(200, "application/json"), b'{"data": {"label": "test"}}'
LISTED = head(200, "application/json"), json.dumps(MODELS).encode()


@pytest.fixture
async def stack() -> AsyncGenerator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


def settings(url: str, *models: str, key: str = KEY) -> Settings:
    first, *others = models or ("first/model",)
    return Settings(
        openrouter_api_key=SecretStr(key),
        openrouter_base_url=url,
        openrouter_model=first,
        openrouter_fallback_models=tuple(others),
    )


async def built(settings: Settings, stack: AsyncExitStack) -> Models:
    return await build_model(settings, catalog_of(settings), stack)


def windows(router: Router) -> dict[str, int]:
    return {target.model.name: target.window for target in router._chains.all}


async def test_the_models_of_the_settings_are_asked(wire: Wire, stack: AsyncExitStack) -> None:
    wire.reply(*KNOWN_KEY)
    wire.reply(*LISTED)
    wire.reply(head(503))
    wire.reply(chunked(HELLO))
    router = (await built(settings(wire.url, "first/model", "second/model"), stack)).router
    events = [event async for event in router.stream(PROMPT)]
    assert [x.target for x in events if isinstance(x, AttemptStarted)] == [
        "first/model",
        "second/model",
    ]
    assert isinstance(events[-1], Finished)
    assert [request.path for request in wire.requests] == [
        "/v1/key",
        "/v1/models",
        "/v1/chat/completions",
        "/v1/chat/completions",
    ]
    assert {request.headers["authorization"] for request in wire.requests} == {f"Bearer {KEY}"}


async def test_windows_are_the_providers(wire: Wire, stack: AsyncExitStack) -> None:
    wire.reply(*KNOWN_KEY)
    wire.reply(*LISTED)
    names = ["first/model", "second/model:nitro", "odd/model", "negative/model", "new/model"]
    with capture_logs() as logs:
        router = (await built(settings(wire.url, *names), stack)).router
    assert windows(router) == {
        "first/model": 32_000,
        "second/model:nitro": 128_000,
        "odd/model": DEFAULT_WINDOW,
        "negative/model": DEFAULT_WINDOW,
        "new/model": DEFAULT_WINDOW,
    }
    warned = [log["model"] for log in logs if log["event"] == "model_not_listed"]
    assert "new/model" in warned
    assert "second/model:nitro" not in warned


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_stops_the_start(
    wire: Wire, stack: AsyncExitStack, status: int
) -> None:
    wire.reply(head(status, "application/json"), b'{"error": {"message": "User not found."}}')
    with pytest.raises(StartupError, match=f"OPENROUTER_API_KEY is refused by .*{status}") as told:
        await built(settings(wire.url), stack)
    assert KEY not in str(told.value)
    assert len(wire.requests) == 1


async def test_elsewhere_than_at_openrouter_the_list_of_models_tells(
    wire: Wire, stack: AsyncExitStack
) -> None:
    wire.reply(head(404))
    wire.reply(head(401))
    with pytest.raises(StartupError, match="OPENROUTER_API_KEY is refused"):
        await built(settings(wire.url), stack)
    assert [request.path for request in wire.requests] == ["/v1/key", "/v1/models"]


@pytest.mark.parametrize("key", ["sk-or-кириллица", "two words", "a\nb", "a\x7fb"])
async def test_a_key_that_was_copied_badly_stops_the_start(
    wire: Wire, stack: AsyncExitStack, key: str
) -> None:
    with pytest.raises(StartupError, match="OPENROUTER_API_KEY contains characters"):
        await built(settings(wire.url, key=key), stack)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("steps", "warning"),
    [
        ([head(500)], "provider_not_checked"),
        ([head(429)], "provider_not_checked"),
        ([head(200, "application/json"), b"<html>"], "provider_not_checked"),
        ([head()[:9], Act.RESET], "provider_not_checked"),
        ([b"SSH-2.0-OpenSSH_9.2\r\n"], "provider_not_checked"),
        ([head(200, "text/html"), b"<html>"], None),
        ([head(200, "application/json"), b'{"data": 7}'], None),
        ([head(200, "application/json"), b"[]"], None),
    ],
)
async def test_a_provider_in_trouble_is_only_a_warning(
    wire: Wire, stack: AsyncExitStack, steps: list[bytes | Act], warning: str | None
) -> None:
    wire.reply(*steps)
    with capture_logs() as logs:
        router = (await built(settings(wire.url), stack)).router
    assert [log["event"] for log in logs] == ([warning] if warning else [])
    assert windows(router) == {"first/model": DEFAULT_WINDOW}


async def test_a_provider_that_is_away_is_only_a_warning(
    unused_port: int, stack: AsyncExitStack
) -> None:
    with capture_logs() as logs:
        router = (await built(settings(f"http://127.0.0.1:{unused_port}/v1"), stack)).router
    (warning,) = logs
    assert warning["event"] == "provider_not_checked"
    assert (warning["kind"], warning["code"]) == ("unavailable", "ConnectionRefusedError")
    assert router.name == "first/model"
