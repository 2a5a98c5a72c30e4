"""The way to one client, down to how the connection ends."""

import asyncio
import socket
import struct
from collections.abc import Mapping

from aiohttp import web

#: how soon it is noticed that a client has left
_SLICE_SECONDS = 0.05
#: lets what was written leave before the connection breaks
_PARTING_SECONDS = 0.01
_LINGER_NOT = struct.pack("ii", 1, 0)


class Left(Exception):
    """The client has closed the connection."""


class Line:
    """What is said between two pauses leaves in one write. Everything awaited may raise Left."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        #: given to aiohttp in the end, however that came about
        self.response = web.StreamResponse()
        self._said: list[bytes] = []

    async def open(self, headers: Mapping[str, str]) -> None:
        """The headers leave with the first bytes of the body."""
        self.response = web.StreamResponse(headers=headers)
        await self.response.prepare(self._request)

    def say(self, data: bytes) -> None:
        self._said.append(data)

    async def flush(self) -> None:
        said, self._said = b"".join(self._said), []
        if said:
            try:
                await self.response.write(said)
            except ConnectionError:
                raise Left from None

    async def pause(self, seconds: float) -> None:
        await self.flush()
        clock = asyncio.get_running_loop()
        end = clock.time() + seconds
        while (rest := end - clock.time()) > 0:
            await asyncio.sleep(min(rest, _SLICE_SECONDS))
            self._transport()

    async def hold(self) -> None:
        """Until the client leaves."""
        while True:
            await self.pause(_SLICE_SECONDS)

    async def end(self) -> None:
        said, self._said = b"".join(self._said), []
        try:
            await self.response.write_eof(said)
        except ConnectionError:
            raise Left from None

    async def cut(self, *, reset: bool) -> None:
        """Close the connection in the middle of whatever was being said."""
        await self.pause(_PARTING_SECONDS)
        transport = self._transport()
        if reset:
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            transport.abort()
        else:
            transport.close()

    def write_raw(self, data: bytes) -> None:
        """Past HTTP: exactly these bytes, at once."""
        self._transport().write(data)

    def _transport(self) -> asyncio.Transport:
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise Left
        return transport
