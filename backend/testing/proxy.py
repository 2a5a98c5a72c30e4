"""A cable that can be pulled: a port that passes bytes on to another until told otherwise."""

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field
from typing import Self

_PIECE = 65_536
#: a closed socket sends RST, not FIN
_RESET = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Trap:
    """Cuts the connection on which a client says these words, before or after they pass."""

    words: bytes
    is_passed: bool
    times: int
    sprung: int = 0

    def catches(self, said: bytes) -> bool:
        if self.sprung >= self.times or self.words not in said:
            return False
        self.sprung += 1
        return True


@dataclass(eq=False, slots=True)
class _Link:
    client: StreamWriter
    server: StreamWriter

    def cut(self, *, reset: bool) -> None:
        for writer in (self.client, self.server):
            if reset:
                connection = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                writer.transport.abort()
            else:
                writer.close()


@dataclass(eq=False)
class Proxy:
    """Between `port` on this machine and `target`; used as an asynchronous context manager."""

    port: int
    target: tuple[str, int]
    #: seconds by which each piece is late, in both directions
    latency: float = 0.0
    #: bytes of replies on each new connection, after which it is cut; null: all
    reply_limit: int | None = None
    trap: Trap | None = None
    accepted: int = 0
    _links: set[_Link] = field(default_factory=set)
    _listener: asyncio.Server | None = None
    _passing: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        await self.heal()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.refuse()

    async def heal(self) -> None:
        """Pass everything on again."""
        self.latency, self.reply_limit, self.trap = 0.0, None, None
        self._passing.set()
        if self._listener is None:
            self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def refuse(self) -> None:
        """Refuse connections, and reset those there are."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self.cut()
        await asyncio.sleep(0)

    def hang(self) -> None:
        """Accept connections, and keep what is said on them."""
        self._passing.clear()

    def cut(self, *, reset: bool = True) -> None:
        """End the connections there are."""
        for link in list(self._links):
            link.cut(reset=reset)

    def cut_when_said(self, words: bytes, *, is_passed: bool, times: int = 1) -> Trap:
        """The trap tells how often it has sprung."""
        self.trap = Trap(words, is_passed, times)
        return self.trap

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.accepted += 1
        try:
            server_reader, server = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, server)
        self._links.add(link)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._ask(link, reader))
                tasks.create_task(self._reply(link, server_reader))
        finally:
            self._links.discard(link)
            for end in (writer, server):
                end.transport.abort()

    async def _ask(self, link: _Link, reader: StreamReader) -> None:
        while said := await self._next_piece(reader):
            trap = self.trap
            is_caught = trap is not None and trap.catches(said)
            if trap and is_caught and not trap.is_passed:
                link.cut(reset=True)
                return
            link.server.write(said)
            if is_caught:
                await self._cut_unanswered(link)
                return
        _end(link.server)

    async def _reply(self, link: _Link, reader: StreamReader) -> None:
        left = self.reply_limit
        while said := await self._next_piece(reader):
            if left is not None and len(said) > left:
                link.client.write(said[:left])
                link.cut(reset=False)
                return
            left = left - len(said) if left is not None else None
            if not link.client.is_closing():
                link.client.write(said)
        _end(link.client)

    async def _next_piece(self, reader: StreamReader) -> bytes:
        """Nothing at the end, however it comes."""
        try:
            said = await reader.read(_PIECE)
        except OSError:
            return b""
        if said and self.latency:
            await asyncio.sleep(self.latency)
        await self._passing.wait()
        return said

    async def _cut_unanswered(self, link: _Link) -> None:
        """The words have passed; their answer shall not come back."""
        link.client.transport.abort()
        await asyncio.sleep(0.2)
        link.server.transport.abort()


def _end(writer: StreamWriter) -> None:
    if not writer.is_closing() and writer.can_write_eof():
        writer.write_eof()
