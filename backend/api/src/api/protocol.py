"""HTTP/1.1 with an end to headers, in bytes and in seconds, and to connections.

uvicorn's httptools protocol reads headers of any size for any time, and answers one connection too
many, and what is not HTTP, in plain text. Here they end in 431, 408, 503 and 400 with a problem
body. These are written before there is a request, so they carry no CORS headers.
"""

import asyncio
import json
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api import problems, security

#: request line and headers together
MAX_HEADER_BYTES = 32 * 1024
_HEADER_SECONDS = 10.0


#: of one process, idle ones too; bounds.MAX_IN_FLIGHT is reached first by honest clients
MAX_CONNECTIONS = 1000

_Refusal = tuple[int, str, str]
_NOT_HTTP: _Refusal = (400, "not_http", "This is not a request that HTTP/1.1 knows.")
_TOO_SLOW: _Refusal = (408, "request_timeout", f"Headers end after {_HEADER_SECONDS:g} seconds.")
_TOO_LARGE: _Refusal = (431, "headers_too_large", f"Headers end at {MAX_HEADER_BYTES} bytes.")
_TOO_MANY: _Refusal = (503, "overloaded", "Too many connections are open: try again in a second.")


class Refused(Exception):
    """Makes the parser stop, which then asks for `send_400_response`."""


class BoundedProtocol(HttpToolsProtocol):
    #: of the headers: what was parsed, and what has come while they did not end
    _size = 0
    _received = 0
    _is_reading_headers = False
    _refusal = _NOT_HTTP
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._is_answering:
            self._start_timer()
        if self._is_reading_headers:
            self._received += len(data)
            if self._received > MAX_HEADER_BYTES:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._size = self._received = 0
        self._is_reading_headers = True
        self._start_timer()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_reading_headers = False
        self._stop_timer()
        if len(self.connections) > MAX_CONNECTIONS:
            self._refusal = _TOO_MANY
            raise Refused
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words
        self._refuse(self._refusal)

    @property
    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # which uvicorn declares as never None
        return cycle is not None and not cycle.response_complete

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_HEADER_BYTES:
            self._refusal = _TOO_LARGE
            raise Refused

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(_HEADER_SECONDS, self._give_up)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self._is_answering:  # a request before the one whose headers do not end
            self._start_timer()
        elif self._is_reading_headers:
            self._refuse(_TOO_SLOW)
        else:
            self.transport.close()

    def _refuse(self, refusal: _Refusal) -> None:
        status, code, detail = refusal
        body = json.dumps(problems.unread_body(status, code, detail)).encode()
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"content-type: {problems.MEDIA_TYPE}",
            f"content-length: {len(body)}",
            "connection: close",
            *(["retry-after: 1"] if status == HTTPStatus.SERVICE_UNAVAILABLE else []),
            *(f"{name.lower()}: {value}" for name, value in security.HEADERS.items()),
        ]
        self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        self.transport.close()
