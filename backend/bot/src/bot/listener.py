"""PostgreSQL's notifications: news from other processes, heard at once.

They only wake; what is missed while the connection is away is found by polling.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.engine import make_url

from core.logging import get_logger

log = get_logger(__name__)


async def listen(url: str, *, received: Callable[[], None], stop: Callable[[UUID], None]) -> None:
    """Call `received` when updates have come in, `stop` when a turn shall stop; for ever."""

    def on_stop(_connection: Any, _pid: int, _channel: str, turn_id: str) -> None:
        stop(UUID(turn_id))

    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            await _listen_once(dsn, lambda *_: received(), on_stop)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("listener_lost", error=type(error).__name__)
        await asyncio.sleep(2)


async def _listen_once(
    dsn: str, on_inbox: Callable[..., None], on_stop: Callable[..., None]
) -> None:
    connection = await asyncpg.connect(dsn, timeout=5)
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener("parley_inbox", on_inbox)
        await connection.add_listener("parley_stop", on_stop)
        await lost.wait()
    finally:
        await connection.close(timeout=2)
