"""Requests that are too large, too slow, too many or no HTTP, over real sockets."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx2
import pytest
import uvicorn
from fastapi import Body, FastAPI
from fastapi.responses import StreamingResponse

from api import bounds, protocol
from api.app import create_app
from api.server import configure_server
from core.settings import load

Start = Callable[..., Any]


def add_routes(app: FastAPI) -> None:
    @app.post("/api/v1/taken")
    async def taken(words: Annotated[str, Body(embed=True)]) -> int:
        return len(words)

    @app.get("/api/v1/slow")
    async def slow() -> str:
        await asyncio.sleep(0.5)
        return "done"

    @app.get("/api/v1/endless")
    async def endless() -> StreamingResponse:
        async def lines() -> AsyncGenerator[bytes]:
            while True:
                yield b"x" * 100_000

        return StreamingResponse(lines())


@pytest.fixture
def start(database_url: str, make_port: Callable[[], int]) -> Start:
    @asynccontextmanager
    async def run(**variables: str) -> AsyncGenerator[tuple[str, int]]:
        port = make_port()
        named = {"DATABASE_URL": database_url, "API_PORT": str(port), **variables}
        settings = load(None, named)
        app = create_app(settings)
        add_routes(app)
        server = uvicorn.Server(configure_server(app, settings))
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(server.serve())
            while not server.started:
                assert not serving.done()
                await asyncio.sleep(0.01)
            try:
                yield "127.0.0.1", port
            finally:
                server.should_exit = True

    return run


async def send(address: tuple[str, int], *pieces: bytes, pause: float = 0.0) -> bytes:
    """What comes back until the other side closes; it may close before all is sent."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
    except ConnectionError:
        pass
    try:
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def problem_of(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"nosniff" in head
    problem = json.loads(body)
    assert int(head.split()[1]) == problem["status"]
    assert len(problem["trace_id"]) == 32
    return problem["status"], problem["code"]


GET = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /api/v1/taken HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


class TestHeaders:
    @pytest.mark.parametrize("size", [33_000, 200_000, 1_000_000])
    async def test_of_a_megabyte_end_early(self, start: Start, size: int) -> None:
        async with start() as address:
            answer = await send(address, GET + b"X-Long: " + b"x" * size + b"\r\n\r\n")
        if answer:  # else the connection was reset under what was still being sent
            assert problem_of(answer) == (431, "headers_too_large")
        else:
            assert size > 100_000

    async def test_in_ever_new_pieces_end_too(self, start: Start) -> None:
        lines = (f"X-{n}: {'x' * 1000}\r\n".encode() for n in range(100))
        async with start() as address:
            answer = await send(address, GET, *lines)
        assert answer == b"" or problem_of(answer) == (431, "headers_too_large")

    async def test_a_long_address_ends_the_same_way(self, start: Start) -> None:
        async with start() as address:
            answer = await send(address, b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert problem_of(answer) == (431, "headers_too_large")

    async def test_that_are_long_and_allowed_are_read(self, start: Start) -> None:
        async with start() as address:
            request = GET + b"X-Long: " + b"x" * 30_000 + b"\r\nConnection: close\r\n\r\n"
            assert (await send(address, request)).startswith(b"HTTP/1.1 200")
            pieces = [request[n : n + 3000] for n in range(0, len(request), 3000)]
            assert (await send(address, *pieces, pause=0.002)).startswith(b"HTTP/1.1 200")

    @pytest.mark.parametrize(
        "line",
        [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"HELO x\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"],
    )
    async def test_that_are_no_http_are_said_so(self, start: Start, line: bytes) -> None:
        async with start() as address:
            assert problem_of(await send(address, line)) == (400, "not_http")

    @pytest.mark.parametrize("sent", [b"", b"GET /health HTTP/1.1\r\n", b"\r\n"])
    async def test_that_never_end_lose_their_connection(
        self, start: Start, monkeypatch: pytest.MonkeyPatch, sent: bytes
    ) -> None:
        monkeypatch.setattr(protocol, "_HEADER_SECONDS", 0.2)
        async with start() as address:
            answer = await send(address, sent)
        if sent.startswith(b"GET"):
            assert problem_of(answer) == (408, "request_timeout")
        else:
            assert answer == b""

    async def test_nor_do_those_of_a_second_request(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "_HEADER_SECONDS", 0.2)
        async with start() as address:
            answer = await send(address, GET + b"\r\n", GET, pause=0.1)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"HTTP/1.1 408" in answer

    async def test_an_answer_may_take_longer_than_headers(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "_HEADER_SECONDS", 0.2)
        async with start() as (host, port), httpx2.AsyncClient() as http:
            assert (await http.get(f"http://{host}:{port}/api/v1/slow")).json() == "done"


class TestBodies:
    async def test_that_say_they_are_too_large_are_not_read(self, start: Start) -> None:
        async with start() as address:
            answer = await send(address, POST + b"Content-Length: 99999999\r\n\r\n")
        assert problem_of(answer) == (413, "body_too_large")

    async def test_that_turn_out_too_large_are_left(self, start: Start) -> None:
        chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        async with start() as address:
            answer = await send(
                address, POST + b"Transfer-Encoding: chunked\r\n\r\n", chunk, chunk, chunk
            )
        assert problem_of(answer) == (413, "body_too_large")

    async def test_that_fit_are_read(self, start: Start) -> None:
        async with start() as (host, port), httpx2.AsyncClient() as http:
            answer = await http.post(
                f"http://{host}:{port}/api/v1/taken", json={"words": "x" * 65_000}
            )
        assert answer.json() == 65_000

    async def test_that_do_not_come_are_given_up(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bounds, "_BODY_SECONDS", 0.2)
        async with start() as address:
            answer = await send(address, POST + b"Content-Length: 100\r\n\r\n{")
        assert problem_of(answer) == (408, "request_timeout")


class TestCrowds:
    async def test_beyond_the_places_are_told_to_come_back(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bounds.Bounds.__init__, "__defaults__", (3,))
        async with start() as (host, port), httpx2.AsyncClient() as http:
            asked = [http.get(f"http://{host}:{port}/api/v1/slow") for _ in range(10)]
            answers = await asyncio.gather(*asked)
            later = await http.get(f"http://{host}:{port}/api/v1/slow")
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [200] * 3 + [503] * 7
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert refused.json()["code"] == "overloaded"
        assert refused.headers["Retry-After"] == "1"
        assert later.status_code == 200

    async def test_connections_beyond_the_limit_are_told_the_same(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "MAX_CONNECTIONS", 2)
        async with start() as address:
            idle = [await asyncio.open_connection(*address) for _ in range(2)]
            answer = await send(address, GET + b"\r\n")
            for _, writer in idle:
                writer.close()
            await asyncio.sleep(0.1)
            later = await send(address, GET + b"Connection: close\r\n\r\n")
        assert problem_of(answer) == (503, "overloaded")
        assert b"retry-after: 1" in answer
        assert later.startswith(b"HTTP/1.1 200")

    async def test_who_does_not_read_loses_the_connection(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bounds, "_SEND_SECONDS", 0.3)
        async with start() as (host, port):
            reader, writer = await asyncio.open_connection(host, port, limit=1000)
            writer.write(b"GET /api/v1/endless HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(1.5)
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1_000_000_000)
            writer.close()


class TestProxies:
    """X-Forwarded-For counts only when the proxy that wrote it is named."""

    LIMIT = "2/minute"

    async def codes(self, address: tuple[str, int], *forwarded: str) -> list[int]:
        url = "http://{}:{}/api/v1/nothing".format(*address)
        async with httpx2.AsyncClient() as http:
            return [
                (await http.get(url, headers={"X-Forwarded-For": value})).status_code
                for value in forwarded
            ]

    async def test_without_a_trusted_proxy_it_is_not_believed(self, start: Start) -> None:
        async with start(STATS_API_RATE_LIMIT=self.LIMIT) as address:
            assert await self.codes(address, "1.1.1.1", "2.2.2.2", "3.3.3.3") == [404, 404, 429]

    async def test_a_trusted_one_tells_its_clients_apart(self, start: Start) -> None:
        async with start(STATS_API_RATE_LIMIT=self.LIMIT, TRUSTED_PROXIES="127.0.0.0/8") as address:
            assert await self.codes(address, "1.1.1.1", "2.2.2.2", "3.3.3.3") == [404] * 3
            assert await self.codes(address, "1.1.1.1", "1.1.1.1") == [404, 429]

    async def test_only_what_the_proxy_itself_added_counts(self, start: Start) -> None:
        async with start(STATS_API_RATE_LIMIT=self.LIMIT, TRUSTED_PROXIES="127.0.0.1") as address:
            spoofed = [f"{n}.{n}.{n}.{n}, 9.9.9.9" for n in range(1, 4)]
            assert await self.codes(address, *spoofed) == [404, 404, 429]

    async def test_another_proxy_is_a_stranger(self, start: Start) -> None:
        async with start(STATS_API_RATE_LIMIT=self.LIMIT, TRUSTED_PROXIES="10.0.0.1") as address:
            assert await self.codes(address, "1.1.1.1", "2.2.2.2", "3.3.3.3") == [404, 404, 429]

    async def test_https_in_front_is_believed_of_it_alone(self, start: Start) -> None:
        for proxies, is_told in (("127.0.0.1", True), ("10.0.0.1", False)):
            async with start(TRUSTED_PROXIES=proxies) as (host, port), httpx2.AsyncClient() as http:
                answer = await http.get(
                    f"http://{host}:{port}/health", headers={"X-Forwarded-Proto": "https"}
                )
            assert ("Strict-Transport-Security" in answer.headers) == is_told
