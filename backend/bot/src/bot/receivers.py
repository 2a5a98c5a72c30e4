"""The two ways in which updates come: this process asks for them, or Telegram brings them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from aiogram import Bot
from aiohttp import web

from bot.edge import Webhook, webhook_path
from bot.ingest import ALLOWED_UPDATES
from bot.poller import Poller
from core.db.session import Database
from core.settings import Settings, TelegramMode

#: called with the kinds of updates that have come
Received = Callable[[Sequence[str]], None]


class Receiver(Protocol):
    @property
    def routes(self) -> list[web.RouteDef]: ...

    def is_healthy(self) -> bool: ...

    def is_receiving(self) -> bool:
        """Whether updates come to this process, and not only to another one of ours."""
        ...

    async def prepare(self) -> None:
        """Tell Telegram which way is used; raises StartupError when it cannot work."""
        ...

    async def run(self) -> None:
        """Receive for ever."""
        ...


class Polling:
    def __init__(self, bot: Bot, database: Database, received: Received) -> None:
        self._bot = bot
        self._is_prepared = False
        self._poller = Poller(
            database,
            bot_id=bot.id,
            url=bot.session.api.api_url(bot.token, "getUpdates"),
            received=received,
        )

    routes: list[web.RouteDef] = []  # noqa: RUF012 - never changed

    def is_healthy(self) -> bool:
        return self._is_prepared and self._poller.is_healthy

    def is_receiving(self) -> bool:
        return self._poller.is_polling and self._poller.is_healthy

    async def prepare(self) -> None:
        await self._bot.delete_webhook(drop_pending_updates=False)
        if await self._poller.is_free():  # a look at Telegram would cost our other process a poll
            await self._poller.require_no_conflict()
        self._is_prepared = True

    async def run(self) -> None:
        await self._poller.run()


class WebhookReceiving:
    def __init__(
        self, bot: Bot, database: Database, received: Received, *, url: str, secret: str
    ) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        webhook = Webhook(database, bot_id=bot.id, secret=secret, received=received)
        self.routes = [web.post(webhook_path(url), webhook.receive)]

    def is_healthy(self) -> bool:
        return True  # Telegram comes to us; the database check says whether we can take it

    def is_receiving(self) -> bool:
        return True

    async def prepare(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=list(ALLOWED_UPDATES),
            drop_pending_updates=False,
        )

    async def run(self) -> None:
        await asyncio.Event().wait()


def receiver_for(settings: Settings, bot: Bot, database: Database, received: Received) -> Receiver:
    if settings.telegram_mode is TelegramMode.POLLING:
        return Polling(bot, database, received)
    assert settings.webhook_url is not None  # the settings refuse to load without them
    assert settings.webhook_secret is not None
    return WebhookReceiving(
        bot,
        database,
        received,
        url=settings.webhook_url,
        secret=settings.webhook_secret.get_secret_value(),
    )
