"""What one request may take: size and time of its body, time to be read, a place among the others.

Whatever goes beyond ends in a documented 408, 413 or 503, and gives its connection back.
"""

import asyncio
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems


class ClientDoesNotRead(Exception):
    """An answer was given up because nobody took it."""


MAX_BODY_BYTES = 64 * 1024
#: requests being answered by one process; live streams are among them
MAX_IN_FLIGHT = 400
_BODY_SECONDS = 15.0
#: for a client that does not read: one piece of an answer
_SEND_SECONDS = 30.0
_CLOSE = {"Connection": "close"}

DOCUMENTED: dict[int | str, dict[str, Any]] = problems.documented(
    request_timeout_408=f"The body took longer than {_BODY_SECONDS:g} seconds.",
    body_too_large_413=f"The body is larger than {MAX_BODY_BYTES} bytes.",
    overloaded_503="Too many requests are being answered: try again in a second.",
)


class Bounds:
    def __init__(self, app: ASGIApp, max_in_flight: int = MAX_IN_FLIGHT) -> None:
        self._app = app
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := self._refusal(scope):
            await refusal(scope, receive, send)
            return
        self._in_flight += 1
        try:
            await self._app(scope, _Body(receive), _patient(send))
        finally:
            self._in_flight -= 1

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        if self._in_flight >= self._max_in_flight:
            return problems.answer(_overloaded())
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > MAX_BODY_BYTES:
            return problems.answer(too_large(MAX_BODY_BYTES))
        return None


class _Body:
    """A request's body as it arrives, within its size and its time."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self._deadline = asyncio.get_running_loop().time() + _BODY_SECONDS
        self._is_complete = False

    async def __call__(self) -> Message:
        if self._is_complete:
            return await self._receive()  # the client going away, however late
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow() from None
        self._size += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        if self._size > MAX_BODY_BYTES:
            raise too_large(MAX_BODY_BYTES)
        return message


def _patient(send: Send) -> Send:
    async def sent(message: Message) -> None:
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                await send(message)
        except TimeoutError:
            raise ClientDoesNotRead from None

    return sent


def too_large(limit: int) -> problems.Problem:
    sentence = f"The body is larger than {limit} bytes."
    return problems.Problem(413, "body_too_large", sentence, headers=_CLOSE)


def _too_slow() -> problems.Problem:
    sentence = f"The body took longer than {_BODY_SECONDS:g} seconds."
    return problems.Problem(408, "request_timeout", sentence, headers=_CLOSE)


def _overloaded() -> problems.Problem:
    sentence = "Too many requests are being answered: try again in a second."
    return problems.Problem(503, "overloaded", sentence, headers={"Retry-After": "1"})
