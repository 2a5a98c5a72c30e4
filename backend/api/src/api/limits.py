"""How often one may ask: slowapi's counters for each address and each account.

With REDIS_URL all processes count together. Redis is asked in a thread and for a quarter of a
second at most, so that one that hangs holds up nobody; while it is away each process counts for
itself. slowapi's own `in_memory_fallback_enabled` is not that: it asks on the event loop whether
Redis is back, and of two requests that meet a dead Redis it answers the second with an error.

    Limiting ──> Limits.of_address      every request, before anything else is done for it
    count_account ──> Limits.of_account    once somebody has proved who they are
"""

import asyncio
import ipaddress
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Request
from redis.backoff import NoBackoff
from redis.retry import Retry
from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from core.logging import get_logger

log = get_logger(__name__)
logging.getLogger("slowapi").propagate = False  # it writes addresses, once for each refusal

HEADERS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After")

#: probes, the dashboard's own files and browsers' reports: for each address, in each process
GENEROUS = "600/minute"
_GENEROUS_PATHS = {"/api/v1/health", "/api/v1/ready", "/api/v1/csp-report"}

_THREADS = 16
_SOCKET_SECONDS = 0.2
_REDIS_SECONDS = 0.25
_PROBE_SECONDS = 1.0
#: a flood is refused this long from memory, without another question to Redis
_REFUSED_SECONDS = 1.0
_REFUSED_SUBJECTS = 10_000

DOCUMENTED: dict[int | str, dict[str, Any]] = problems.documented(
    rate_limited_429="More than 60 requests in one minute are too many: try again in 34 seconds.",
)

Store = Literal["memory", "redis", "memory_fallback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is left of one limit."""

    limit: int
    per: str
    remaining: int
    #: seconds since 1970
    resets_at: float
    is_exceeded: bool = False

    @property
    def retry_after(self) -> int:
        return max(1, math.ceil(self.resets_at - time.time()))


class Limits:
    """`on_fallback` hears True when Redis is left and False when it is back."""

    def __init__(
        self,
        rate: str,
        *,
        redis_url: str | None = None,
        on_fallback: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._local = _limiter(rate)
        self._generous = _limiter(GENEROUS)
        self._shared = _limiter(rate, redis_url) if redis_url else None
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="limits")
        self._asking = asyncio.Semaphore(_THREADS)
        self._is_away = False
        self._on_fallback = on_fallback
        self._refused: dict[str, tuple[float, Window]] = {}

    @property
    def store(self) -> Store:
        if self._shared is None:
            return "memory"
        return "memory_fallback" if self._is_away else "redis"

    async def of_address(self, request: Request) -> Window:
        subject = f"address:{network_of(get_remote_address(request))}"
        path: str = request.scope["path"]
        if path in _GENEROUS_PATHS or not path.startswith("/api/"):
            return _count(self._generous, subject)
        return await self._of(subject)

    async def of_account(self, name: str) -> Window:
        return await self._of(f"account:{name}")

    async def watch(self) -> None:
        """Runs as long as the server: goes back to Redis within two seconds of its return."""
        if self._shared is None:
            return
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            if self._is_away and await loop.run_in_executor(
                self._threads, self._shared.limiter.storage.check
            ):
                self._come_back()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _of(self, subject: str) -> Window:
        until, window = self._refused.get(subject, (0.0, None))
        if window and time.monotonic() < until:
            return window
        window = await self._counted(subject)
        if window.is_exceeded:
            self._remember(subject, window)
        return window

    async def _counted(self, subject: str) -> Window:
        if self._shared is None:
            return _count(self._local, subject)
        async with self._asking:  # so that waiting for a thread is not taken for a slow Redis
            if self._is_away:
                return _count(self._local, subject)
            try:
                return await asyncio.wait_for(self._ask(self._shared, subject), _REDIS_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever Redis may do: it is left
                self._fall_back(error)
                return _count(self._local, subject)

    async def _ask(self, shared: Limiter, subject: str) -> Window:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _count, shared, subject)

    def _fall_back(self, error: Exception) -> None:
        if self._is_away:
            return
        self._is_away = True
        self._on_fallback(True)
        log.error("rate_limit_fallback", alarm=True, error=type(error).__name__)

    def _come_back(self) -> None:
        self._is_away = False
        self._on_fallback(False)
        log.warning("rate_limit_store_is_back")

    def _remember(self, subject: str, window: Window) -> None:
        if len(self._refused) >= _REFUSED_SUBJECTS:
            self._refused.clear()
        until = time.monotonic() + min(_REFUSED_SECONDS, window.retry_after)
        self._refused[subject] = (until, window)


class Limiting:
    """Counts each request for its address, and says in each answer what is left."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        window = request.state.rate_limit = await self._limits.of_address(request)

        async def limited(message: Message) -> None:
            if message["type"] == "http.response.start":
                _write(MutableHeaders(scope=message), request.state.rate_limit)
            await send(message)

        app: ASGIApp = _refusal(window) if window.is_exceeded else self._app
        await app(scope, receive, limited)


async def count_account(request: Request, name: str) -> None:
    """Counts the request for its account; raises Problem (429) when that has asked too often."""
    limits: Limits = request.app.state.limits
    window = await limits.of_account(name)
    of_address: Window = request.state.rate_limit
    if window.is_exceeded or window.remaining < of_address.remaining:
        request.state.rate_limit = window
    if window.is_exceeded:
        raise problems.Problem(429, "rate_limited", _sentence(window))


def network_of(host: str) -> str:
    """The address itself, or for IPv6 the /64 that one customer usually has."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _limiter(rate: str, redis_url: str | None = None) -> Limiter:
    options: dict[str, Any] = {
        "socket_connect_timeout": _SOCKET_SECONDS,
        "socket_timeout": _SOCKET_SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "key_prefix": "parley",
    }
    return Limiter(
        key_func=_subject,
        application_limits=[rate],
        storage_uri=redis_url or "memory://",
        storage_options=options if redis_url else {},
    )


def _subject(request: Request) -> str:
    subject: str = request.scope["subject"]
    return subject


def _count(limiter: Limiter, subject: str) -> Window:
    """Blocks when the limiter counts in Redis. It gets a request of its own, for its notes."""
    request = Request({"type": "http", "path": "/", "headers": [], "subject": subject})
    is_exceeded = False
    try:
        limiter._check_request_limit(request, None)  # noqa: SLF001 - as its middlewares do
    except RateLimitExceeded:
        is_exceeded = True
    item, keys = request.state.view_rate_limit
    resets_at, remaining = limiter.limiter.get_window_stats(item, *keys)
    return Window(
        limit=item.amount,
        per=item.GRANULARITY.name,
        remaining=0 if is_exceeded else remaining,
        resets_at=resets_at,
        is_exceeded=is_exceeded,
    )


def _write(headers: MutableHeaders, window: Window) -> None:
    headers["X-RateLimit-Limit"] = str(window.limit)
    headers["X-RateLimit-Remaining"] = str(window.remaining)
    headers["X-RateLimit-Reset"] = str(math.ceil(window.resets_at))
    if window.is_exceeded:
        headers["Retry-After"] = str(window.retry_after)


def _refusal(window: Window) -> Response:
    return problems.response(429, "rate_limited", _sentence(window))


def _sentence(window: Window) -> str:
    return (
        f"More than {window.limit} requests in one {window.per} are too many: "
        f"try again in {window.retry_after} seconds."
    )
