"""Long polling: one process at a time, through the connection that holds the lock.

The lock and the writes share one connection, so a process that loses the lock cannot store what it
fetched, and what is not stored is not confirmed.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ingest import ALLOWED_UPDATES, describe
from core.chat import inbox
from core.db.session import Database, ReadSession, Session
from core.db.sql import sql
from core.errors import StartupError
from core.failpoints import Failpoint, reach
from core.logging import get_logger

log = get_logger(__name__)

LONG_POLL_SECONDS = 30
_LOCK = sql("SELECT pg_try_advisory_lock(hashtext('parley.poller'), hashint8(:bot_id))")
#: another of our processes polls: how long until this one looks whether it still does
_STANDBY_SECONDS = 2.0
#: our own last request may linger at Telegram for a moment after a restart
_CONFLICT_TRIES = 4


class PollError(Exception):
    """Telegram refused or garbled the request; `status` is 0 when there was no usable answer."""

    def __init__(self, status: int, retry_after: float | None = None) -> None:
        super().__init__(f"getUpdates failed with status {status}")
        self.status = status
        self.retry_after = retry_after


class Poller:
    def __init__(
        self,
        database: Database,
        *,
        bot_id: int,
        url: str,
        received: Callable[[Sequence[str]], None],
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        #: contains the token: never logged
        self._url = url
        #: called with the kinds of new updates
        self._received = received
        self._offset: int | None = None
        #: for readiness: whether the newest request went well
        self.is_healthy = True
        #: whether no other process does, but this one
        self.is_polling = False

    async def require_no_conflict(self) -> None:
        """Raises StartupError when another program polls with this token."""
        async with aiohttp.ClientSession() as http:
            for _ in range(_CONFLICT_TRIES):
                try:
                    await self._fetch(http, timeout=0)
                except PollError as error:
                    if error.status != 409:  # noqa: PLR2004 - HTTP's Conflict
                        return
                    await asyncio.sleep(1.5)
                except aiohttp.ClientError:
                    return
                else:
                    return
        raise StartupError(
            "TELEGRAM_TOKEN is used by another program that polls Telegram (409 Conflict): "
            "stop that program, or give this one a token of its own from @BotFather."
        )

    async def run(self) -> None:
        """Poll for ever, whenever this process holds the lock."""
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    await self._poll_while_locked(http)
                except (SQLAlchemyError, OSError) as error:
                    self.is_healthy = False
                    log.error("poller_database_lost", error=type(error).__name__)
                await asyncio.sleep(_STANDBY_SECONDS)

    async def is_free(self) -> bool:
        """Whether no other process of ours polls; not known to be so while the database is away."""
        try:
            async with self._database.apart() as connection:
                try:
                    return await self._lock(connection)
                finally:
                    await connection.invalidate()
        except (SQLAlchemyError, OSError):
            return False

    async def _poll_while_locked(self, http: aiohttp.ClientSession) -> None:
        async with self._database.apart() as connection:
            try:
                if not await self._lock(connection):
                    return
                log.info("polling_started")
                self.is_polling = True
                self._offset = None
                while True:
                    await self._poll_once(http, connection)
            finally:
                self.is_polling = False
                await connection.invalidate()  # closes it, and with it ends the lock

    async def _lock(self, connection: AsyncConnection) -> bool:
        result = await connection.execute(_LOCK, {"bot_id": self._bot_id})
        await connection.commit()
        return bool(result.scalar_one())

    async def _poll_once(self, http: aiohttp.ClientSession, connection: AsyncConnection) -> None:
        try:
            # after trouble a short one: whether it is over must not take a long poll to tell
            patience = LONG_POLL_SECONDS if self.is_healthy else 0
            updates = await self._fetch(http, timeout=patience)
        except PollError as error:
            self.is_healthy = False
            log.error("polling_refused", status=error.status)
            await asyncio.sleep(error.retry_after or 3)
            return
        except (aiohttp.ClientError, TimeoutError) as error:
            self.is_healthy = False
            log.warning("polling_failed", error=type(error).__name__)
            await asyncio.sleep(1)
            return
        self.is_healthy = True
        if updates:
            await self._store(connection, updates)

    async def _store(self, connection: AsyncConnection, updates: Sequence[object]) -> None:
        incoming = [describe(update) for update in updates]
        session = Session(ReadSession(connection))
        reach(Failpoint.UPDATES_FETCHED)
        new = await inbox.accept(session, self._bot_id, incoming)
        await connection.commit()
        reach(Failpoint.UPDATES_STORED)
        self._received(new)
        known = [item.update_id for item in incoming if item.reason is None]
        if known:
            self._offset = max(known) + 1
        elif not new:
            log.error("only_unusable_updates")
            await asyncio.sleep(1)

    async def _fetch(self, http: aiohttp.ClientSession, *, timeout: int) -> list[Any]:  # noqa: ASYNC109 - Telegram's own parameter
        question = {"timeout": timeout, "allowed_updates": ALLOWED_UPDATES, "limit": 100}
        if self._offset is not None:
            question["offset"] = self._offset
        async with http.post(
            self._url, json=question, timeout=aiohttp.ClientTimeout(total=timeout + 15)
        ) as response:
            body = await response.read()
        try:
            answer = json.loads(body)
            if answer["ok"]:
                return list(answer["result"])
            wait = (answer.get("parameters") or {}).get("retry_after")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise PollError(response.status) from None
        raise PollError(response.status, wait)
