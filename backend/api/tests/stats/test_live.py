"""GET /live on a real server: what a dashboard that stays open is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from api.stats import export, live

from .conftest import Listen, Tell
from .golden import ANN, GOLDEN, Told

SOON = 20


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK", 0.02)
    monkeypatch.setattr(live, "ALIVE", 0.1)


@asynccontextmanager
async def stream(http: httpx2.AsyncClient) -> AsyncIterator[AsyncIterator[dict[str, str]]]:
    """The blocks of a stream, by the names of their fields; that of a comment is empty."""
    async with asyncio.timeout(SOON), http.stream("GET", "/live") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")

        async def blocks() -> AsyncIterator[dict[str, str]]:
            block: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(":")
                    block[name] = value.strip()
                else:
                    yield block
                    block = {}

        yield blocks()


async def next_event(blocks: AsyncIterator[dict[str, str]]) -> Any:
    async for block in blocks:
        if "data" in block:
            assert block["event"] == "stats"
            return json.loads(block["data"])
    raise AssertionError


def just_now() -> Told:
    return replace(GOLDEN[0], at=datetime.now(UTC))


class TestStream:
    async def test_begins_with_an_event(self, listen: Listen, own_url: str) -> None:
        async with listen(own_url) as api, stream(api.http) as blocks:
            body = await next_event(blocks)
            assert set(body["values"]) == set(live.METRICS_SHOWN)
            assert set(body["values"].values()) == {0}
            assert datetime.fromisoformat(body["as_of"]) <= datetime.now(UTC)

    async def test_tells_of_a_change(self, listen: Listen, own_url: str, tell: Tell) -> None:
        async with listen(own_url) as api, stream(api.http) as blocks:
            await next_event(blocks)
            await tell([just_now()])
            body = await next_event(blocks)
            while body["values"]["active_users"] == 0:  # a rebuild writes one rollup at a time
                body = await next_event(blocks)
            assert body["values"]["messages"] == 2
            assert body["values"]["cost"] == 100

    async def test_tells_all_of_it_alike(self, listen: Listen, own_url: str, tell: Tell) -> None:
        async with listen(own_url) as api, stream(api.http) as one, stream(api.http) as other:
            assert (await next_event(one))["values"] == (await next_event(other))["values"]
            await tell([just_now()])
            assert (await next_event(one))["values"] == (await next_event(other))["values"]

    async def test_shows_a_sign_of_life_when_nothing_happens(
        self, listen: Listen, own_url: str
    ) -> None:
        async with listen(own_url) as api, stream(api.http) as blocks:
            await next_event(blocks)
            assert await anext(blocks) == {"": "alive"}
            assert await anext(blocks) == {"": "alive"}

    async def test_ends_when_it_has_lasted_enough(
        self, listen: Listen, own_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "ENOUGH", 0.2)
        async with listen(own_url) as api, stream(api.http) as blocks:
            assert [block async for block in blocks if "data" in block]

    async def test_ends_when_the_server_stops(self, listen: Listen, own_url: str) -> None:
        async with listen(own_url) as api, stream(api.http) as blocks:
            await next_event(blocks)
            api.app.state.live.is_closing = True
            assert [block async for block in blocks if "data" in block] == []

    async def test_is_not_for_strangers(self, listen: Listen, own_url: str) -> None:
        async with listen(own_url) as api:
            assert (await api.http.get("/live", auth=None)).status_code == 401
            assert api.app.state.live.streams == 0


class TestPlaces:
    async def test_are_given_back(self, listen: Listen, own_url: str) -> None:
        async with listen(own_url) as api:
            for _ in range(3):
                async with stream(api.http) as blocks:
                    await next_event(blocks)
                    assert api.app.state.live.streams == 1
                async with asyncio.timeout(SOON):
                    while api.app.state.live.streams:
                        await asyncio.sleep(0.01)

    async def test_are_so_many(
        self, listen: Listen, own_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "MAX_STREAMS", 2)
        async with listen(own_url) as api, stream(api.http) as one, stream(api.http) as other:
            await asyncio.gather(next_event(one), next_event(other))
            refused = await api.http.get("/live")
            assert refused.status_code == 503
            assert refused.json()["code"] == "too_many_streams"
            assert refused.headers["retry-after"] == "60"
            assert api.app.state.live.streams == 2


async def test_a_file_that_breaks_off_is_not_a_shorter_file(
    listen: Listen, own_url: str, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> AsyncIterator[list[list[Any]]]:
        yield [["first"]]
        raise OSError

    monkeypatch.setattr(export, "_users", broken)
    await tell([replace(GOLDEN[0], who=ANN)])
    async with listen(own_url) as api:
        with pytest.raises(httpx2.RemoteProtocolError):
            await api.http.get("/export/users.csv")
