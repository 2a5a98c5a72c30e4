"""PostgreSQL's notifications: news from other processes, heard at once.

They only wake; what is missed while the connection is away is found by polling.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.engine import make_url

from core.logging import get_logger

log = get_logger(__name__)


async def listen(
    url: str,
    *,
    received: Callable[[], None],
    stop: Callable[[UUID], None],
    flooded: Callable[[int, int, timedelta], None],
) -> None:
    """Call `received` when updates have come in, `stop` when a turn shall stop, `flooded` when
    Telegram asks a bot for silence in a chat; for ever.
    """

    def on_stop(_connection: Any, _pid: int, _channel: str, turn_id: str) -> None:
        stop(UUID(turn_id))

    def on_flood(_connection: Any, _pid: int, _channel: str, flood: str) -> None:
        bot_id, chat_id, seconds = flood.split()
        flooded(int(bot_id), int(chat_id), timedelta(seconds=float(seconds)))

    heard = {
        "parley_inbox": lambda *_: received(),
        "parley_stop": on_stop,
        "parley_flood": on_flood,
    }
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            await _listen_once(dsn, heard)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("listener_lost", error=type(error).__name__)
        await asyncio.sleep(2)


async def _listen_once(dsn: str, heard: Mapping[str, Callable[..., None]]) -> None:
    connection = await asyncpg.connect(dsn, timeout=5)
    lost = asyncio.Event()
    try:
        connection.add_termination_listener(lambda _: lost.set())
        for channel, tell in heard.items():
            await connection.add_listener(channel, tell)
        await lost.wait()
    finally:
        connection.terminate()  # a goodbye to a silent server would only be waited for
