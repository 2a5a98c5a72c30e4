"""A bot's account: its updates, and the two ways in which they are delivered.

Long polling keeps what is not confirmed by a higher offset. A webhook gets the updates of a chat
one after the other, and again until it answers 2xx.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
import orjson

from simulator.telegram.errors import Refused

MAX_WAIT_SECONDS = 50
MAX_QUEUE = 100_000
#: kinds of update that only a bot gets that names them
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LONGEST_BACKOFF_SECONDS = 60.0
#: a second poller's request ends the first one's
_TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True)
class Update:
    update_id: int
    body: bytes
    #: updates of one chat reach a webhook in order
    chat_id: int | None
    kind: str


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str | None
    last_error: str | None = None


@dataclass(slots=True)
class Account:
    token: str
    user: dict[str, Any]
    updates: deque[Update] = field(default_factory=lambda: deque(maxlen=MAX_QUEUE))
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)
    webhook: Webhook | None = None
    allowed: frozenset[str] | None = None
    is_contended: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: count(100_001))
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: asyncio.Event | None = None
    _deliveries: dict[int | None, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def next_update(self) -> int:
        """The id the next update will have, or a later one."""
        return next(self.numbers) + 1

    def push(self, kind: str, event: dict[str, Any], chat_id: int | None) -> int:
        """Queue an update; returns its id."""
        update_id = next(self.numbers)
        body = orjson.dumps({"update_id": update_id, kind: event})
        self._queue(Update(update_id, body, chat_id, kind))
        return update_id

    def push_raw(self, body: bytes, update_id: int) -> None:
        self._queue(Update(update_id, body, None, "raw"))

    async def poll(
        self, offset: int, limit: int, seconds: float, allowed: Sequence[str] | None
    ) -> bytes:
        """The JSON array of updates, at once or when one comes; raises Refused."""
        if self.webhook:
            raise Refused(409, _WEBHOOK_IS_SET)
        if self.is_contended:
            raise Refused(409, _TERMINATED)
        if allowed is not None:
            self.allowed = frozenset(allowed) or None
        self._end_poll()
        terminated = self._poller = asyncio.Event()
        self._confirm(offset)
        try:
            if not self.updates and seconds > 0:
                await self._wait(min(seconds, MAX_WAIT_SECONDS), terminated)
            if terminated.is_set():
                raise Refused(409, _TERMINATED)
        finally:
            if self._poller is terminated:
                self._poller = None
        chosen = list(self.updates)[: max(1, min(limit, 100))]
        return b"[" + b",".join(update.body for update in chosen) + b"]"

    def contend(self, *, is_contended: bool) -> None:
        """Answer every poll with a conflict, one that waits too, as if others polled."""
        self.is_contended = is_contended
        if is_contended:
            self._end_poll()

    def set_webhook(self, url: str, secret: str | None, allowed: Sequence[str] | None) -> None:
        self.webhook = Webhook(url, secret)
        if allowed is not None:
            self.allowed = frozenset(allowed) or None
        self._end_poll()
        waiting, self.updates = self.updates, deque(maxlen=MAX_QUEUE)
        for update in waiting:
            self._queue(update)

    def delete_webhook(self) -> None:
        self.webhook = None
        self.close()

    def close(self) -> None:
        for delivery in self._deliveries.values():
            delivery.cancel()
        self._deliveries.clear()

    def _end_poll(self) -> None:
        if self._poller:
            self._poller.set()

    def _queue(self, update: Update) -> None:
        if not self._wants(update.kind):
            return
        self.updates.append(update)
        self.news.set()
        if self.webhook and update.chat_id not in self._deliveries:
            delivery = asyncio.get_running_loop().create_task(self._deliver(update.chat_id))
            self._deliveries[update.chat_id] = delivery

    def _wants(self, kind: str) -> bool:
        if kind == "raw":
            return True
        return kind in self.allowed if self.allowed else kind not in _ON_REQUEST

    def _confirm(self, offset: int) -> None:
        """A higher offset confirms what is below; a senseless one changes nothing."""
        newest = self.updates[-1].update_id if self.updates else 0
        if offset < 0:
            while len(self.updates) > -offset:
                self.updates.popleft()
        elif offset <= newest + 10:
            while self.updates and self.updates[0].update_id < offset:
                self.updates.popleft()

    async def _wait(self, seconds: float, terminated: asyncio.Event) -> None:
        """Until there is an update, this request is terminated, or the time is up."""
        self.news.clear()
        loop = asyncio.get_running_loop()
        waits = {loop.create_task(self.news.wait()), loop.create_task(terminated.wait())}
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _deliver(self, chat_id: int | None) -> None:
        """Bring a chat's updates to the webhook, one after the other."""
        backoff = 0.0
        async with aiohttp.ClientSession() as http:
            while self.webhook:
                update = next((u for u in self.updates if u.chat_id == chat_id), None)
                if update is None:
                    break
                if await self._post(http, self.webhook, update):
                    self.updates.remove(update)
                    backoff = 0.0
                    continue
                await asyncio.sleep(backoff)
                backoff = min(max(0.5, backoff * 2), _LONGEST_BACKOFF_SECONDS)
        self._deliveries.pop(chat_id, None)

    async def _post(self, http: aiohttp.ClientSession, webhook: Webhook, update: Update) -> bool:
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        try:
            async with http.post(
                webhook.url,
                data=update.body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=60),
            ) as response:
                if response.ok:
                    return True
                webhook.last_error = f"Wrong response from the webhook: {response.status}"
        except (aiohttp.ClientError, TimeoutError):
            webhook.last_error = "Connection failed"
        return False
