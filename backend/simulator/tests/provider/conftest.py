"""A provider of the test's own, on a real port, and the ways to talk to it."""

import asyncio
import io
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from openai import AsyncOpenAI

from simulator.provider.routes import provider_routes

KEY = "simulator-key"
MODEL = "parley/demo-large"
AT_ONCE = {"first_token_ms": 0, "tokens_per_second": 0, "chunk_chars": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What came over a raw connection, headers and all, and how it ended: "fin" or "rst"."""

    received: bytes
    end: str

    @property
    def is_complete(self) -> bool:
        """Whether the body, sent in chunks, has its last one."""
        return self.received.endswith(b"\r\n0\r\n\r\n")

    @property
    def body(self) -> bytes:
        """Without the marks of its chunks, as far as it came."""
        headers, _, rest = self.received.partition(b"\r\n\r\n")
        if b"Transfer-Encoding: chunked" not in headers:
            return rest
        body = b""
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        return body

    @property
    def events(self) -> list[Any]:
        """The chunks of a stream, as far as they came."""
        return events(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    port: int
    http: aiohttp.ClientSession = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def script(self, path: str, order: Any = None) -> Any:
        """Order something; returns what is said to it."""
        data = io.BytesIO(json.dumps(order).encode())
        async with self.http.post(f"{self.url}/script/provider/{path}", data=data) as response:
            assert response.status in {200, 204}, await response.text()
            return await response.json() if response.status == 200 else None

    async def get(self, path: str, *, key: str | None = KEY) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with self.http.get(f"{self.url}{path}", headers=headers) as response:
            return response.status, await response.json()

    async def calls(self, query: str = "") -> list[dict[str, Any]]:
        _, calls = await self.get(f"/script/provider/calls?{query}")
        assert isinstance(calls, list)
        return calls

    async def ended_call(self) -> dict[str, Any]:
        """The last call, once it has ended."""
        async with asyncio.timeout(10):
            while True:
                call = (await self.calls())[-1]
                if call["ended_at"] is not None:
                    return call
                await asyncio.sleep(0.01)

    async def ask(self, question: str, **fields: Any) -> tuple[int, Any]:
        """The status and JSON of a reply that is not streamed."""
        return await self.post({**asked(question), "stream": False, **fields})

    async def post(self, body: Any, *, key: str = KEY) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {key}"}
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        async with self.http.post(
            f"{self.url}/api/v1/chat/completions", data=data, headers=headers
        ) as response:
            return response.status, await response.json()

    async def exchange(self, question: str, *, stream: bool) -> Exchange:
        async with self.connection(question, stream=stream) as reader:
            received = b""
            try:
                async with asyncio.timeout(10):
                    while part := await reader.read(65536):
                        received += part
            except ConnectionResetError:
                return Exchange(received=received, end="rst")
            return Exchange(received=received, end="fin")

    @asynccontextmanager
    async def connection(
        self, question: str, *, stream: bool
    ) -> AsyncGenerator[asyncio.StreamReader]:
        """A raw connection on which the question has been asked."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = json.dumps({**asked(question), "stream": stream}).encode()
        writer.write(
            b"POST /api/v1/chat/completions HTTP/1.1\r\nHost: provider\r\nConnection: close\r\n"
            + f"Authorization: Bearer {KEY}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        try:
            yield reader
        finally:
            writer.transport.abort()


def asked(question: str) -> dict[str, Any]:
    return {"model": MODEL, "messages": [{"role": "user", "content": question}]}


def events(body: bytes) -> list[Any]:
    """The chunks of a stream: JSON, or the text that is none."""
    lines = [line[6:] for line in body.decode().splitlines() if line.startswith("data: ")]
    return [json.loads(line) if line.startswith("{") else line for line in lines]


def text_of(chunks: list[Any]) -> str:
    choices = [choice for chunk in chunks if isinstance(chunk, dict) for choice in chunk["choices"]]
    return "".join(choice["delta"]["content"] or "" for choice in choices)


@pytest.fixture
async def endpoint() -> AsyncGenerator[Endpoint]:
    app = web.Application()
    app.add_routes(provider_routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        here = Endpoint(port=runner.addresses[0][1], http=http)
        await here.script("speed", AT_ONCE)
        yield here
    await runner.cleanup()


@pytest.fixture
async def client(endpoint: Endpoint) -> AsyncGenerator[AsyncOpenAI]:
    async with AsyncOpenAI(
        base_url=f"{endpoint.url}/api/v1", api_key=KEY, max_retries=0, timeout=10
    ) as openai:
        yield openai
