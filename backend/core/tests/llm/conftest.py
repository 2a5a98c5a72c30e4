"""A provider that sends exactly the bytes a test wants, over a real socket."""

import asyncio
import json
import socket
import struct
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import pytest
from openai import AsyncOpenAI

from core.llm.catalog import Credential, Entry
from core.llm.model import Prompt, PromptMessage, Role
from core.llm.openai import OpenAICompatible, open_client
from core.llm.providers import Provider

KEY = "sk-or-v1-a-secret-nobody-should-see"
PROMPT = Prompt(
    messages=(
        PromptMessage(role=Role.SYSTEM, content="Be kind."),
        PromptMessage(role=Role.USER, content="Hello?"),
    ),
    user="a-pseudonym",
)


#: the end of a reply that leaves the connection open
LAST_CHUNK = b"0\r\n\r\n"


class Act(Enum):
    """What a reply does beside sending bytes."""

    #: stay silent until the client goes away
    HANG = auto()
    #: cut the connection with a reset instead of an end
    RESET = auto()


#: an event is waited for
Step = bytes | Act | asyncio.Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Wire:
    """Answers each request with the next reply; the last one again and again."""

    url: str = ""
    replies: deque[Sequence[Step]] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    #: a reply hangs now
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    #: the client went away while a reply hung
    abandoned: asyncio.Event = field(default_factory=asyncio.Event)

    def reply(self, *steps: Step) -> None:
        self.replies.append(steps)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                self.requests.append(await _read_request(reader))
                await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        steps = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        for step in steps:
            match step:
                case Act.HANG:
                    self.hanging.set()
                    with suppress(ConnectionError):
                        await reader.read()
                    self.abandoned.set()
                case Act.RESET:
                    _reset_on_close(writer)
                case asyncio.Event():
                    await step.wait()
                case bytes():
                    writer.write(step)
                    await writer.drain()
        if not (isinstance(steps[-1], bytes) and steps[-1].endswith(LAST_CHUNK)):
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(
        method=method, path=path, headers=headers, body=json.loads(body) if body else None
    )


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def head(status: int = 200, content_type: str = "text/event-stream", **headers: str) -> bytes:
    """The head of a reply whose body lasts until the connection ends."""
    fields = {"content-type": content_type, "connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode("latin-1")


def chunked(*parts: bytes) -> bytes:
    """A whole reply that leaves the connection open."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return head + b"transfer-encoding: chunked\r\n\r\n" + body + LAST_CHUNK


def event(chunk: object) -> bytes:
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def said(content: object, finish: str | None = None, **more: object) -> bytes:
    """A chunk of a stream with one choice."""
    return event({"choices": [{"delta": {"content": content}, "finish_reason": finish}], **more})


DONE = b"data: [DONE]\n\n"
HELLO = said("Hello, ") + said("world!") + said("", "stop") + DONE


@pytest.fixture
async def wire() -> AsyncGenerator[Wire]:
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    yield wire
    server.close()


def account(url: str, key: str | None = KEY, **more: Any) -> Credential:
    return Credential(
        **{"name": "work", "provider": Provider.at(url), "base_url": url, "key": key, **more}
    )


def model_at(client: AsyncOpenAI, name: str = "test/model", **more: Any) -> OpenAICompatible:
    """Asked in the way of the provider whose address it is, or of the one that is given."""
    entry = Entry(name=name, credential=account(str(client.base_url), **more), model=name)
    return OpenAICompatible(client, entry, max_tokens=100)


@pytest.fixture
async def client(wire: Wire) -> AsyncGenerator[AsyncOpenAI]:
    client = open_client(account(wire.url))
    yield client
    await client.close()


@pytest.fixture
def model(client: AsyncOpenAI) -> OpenAICompatible:
    return model_at(client)
