"""The people of a replay: they write through the simulator and look at what comes back."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from local.replay.material import Script

#: how long a person waits for an answer before they write on
PATIENCE_SECONDS = 180.0


@dataclass(slots=True)
class Chat:
    """One person's private chat with the bot, as they see it."""

    script: Script
    user_id: int
    #: by question, in order: the message's id and the moment it was sent
    asked: list[tuple[int, float]] = field(default_factory=list)
    #: the moments at which messages of the bot appeared
    appeared: list[float] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class People:
    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base
        self._chats: dict[int, Chat] = {}

    async def join(self, scripts: Sequence[Script]) -> list[Chat]:
        """Make a user for each script."""
        chats = []
        for number, script in enumerate(scripts):
            person = {"first_name": f"Person {number + 1}", "language_code": "en"}
            user = await self._post("/people/users", person)
            chats.append(Chat(script=script, user_id=user["id"]))
        self._chats = {chat.user_id: chat for chat in chats}
        return chats

    async def write_all(self, chats: Sequence[Chat], *, at_once: int) -> None:
        """Let every person write their script, `at_once` of them side by side."""
        seats = asyncio.Semaphore(at_once)

        async def sit_down(chat: Chat) -> None:
            async with seats:
                await self._write(chat)

        async with asyncio.TaskGroup() as tasks:
            for chat in chats:
                tasks.create_task(sit_down(chat))

    @asynccontextmanager
    async def watching(self) -> AsyncGenerator[None]:
        """Follow what appears in all chats."""
        async with asyncio.TaskGroup() as tasks:
            watcher = tasks.create_task(self._watch())
            try:
                yield
            finally:
                watcher.cancel()

    async def seen(self, chat: Chat) -> list[dict[str, Any]]:
        """Every message of the chat, oldest first, as its history shows it."""
        messages: list[dict[str, Any]] = []
        before: dict[str, int] = {}
        while True:
            query = {"user": chat.user_id, "limit": 200, **before}
            page = await self._get(f"/people/chats/{chat.user_id}/messages", query)
            if not page["messages"]:
                return messages
            messages = page["messages"] + messages
            before = {"before": messages[0]["message_id"]}

    async def _write(self, chat: Chat) -> None:
        for number, question in enumerate(chat.script.questions):
            sent = time.monotonic()
            reply = await self._post(
                f"/people/chats/{chat.user_id}/messages",
                {"user_id": chat.user_id, "text": question},
            )
            chat.asked.append((reply["message"]["message_id"], sent))
            if not chat.script.is_hasty:
                await self._wait_for_answers(chat, number + 1)
        await self._wait_for_answers(chat, len(chat.script.questions))

    async def _wait_for_answers(self, chat: Chat, count: int) -> None:
        """Until as many messages have appeared as questions were asked, or patience ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(chat.appeared) < count:
                    chat.news.clear()
                    await chat.news.wait()

    async def _watch(self) -> None:
        while True:
            with suppress(aiohttp.ClientError):
                async with self._http.get(
                    f"{self._base}/people/events",
                    params={"user": "all"},
                    timeout=aiohttp.ClientTimeout(total=None),
                ) as response:
                    async for line in response.content:
                        if line.startswith(b"data:"):
                            self._notice(json.loads(line[5:]))
            await asyncio.sleep(0.5)

    def _notice(self, event: dict[str, Any]) -> None:
        if event["type"] != "message" or not event["message"]["from"]["is_bot"]:
            return
        if chat := self._chats.get(event["message"]["chat"]["id"]):
            chat.appeared.append(time.monotonic())
            chat.news.set()

    async def _post(self, path: str, body: object) -> Any:
        async with self._http.post(self._base + path, json=body, raise_for_status=True) as reply:
            return await reply.json()

    async def _get(self, path: str, query: dict[str, int]) -> Any:
        async with self._http.get(self._base + path, params=query, raise_for_status=True) as reply:
            return await reply.json()
