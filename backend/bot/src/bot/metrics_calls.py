"""Calls of the Bot API, timed and shown in traces; and how long Telegram asked to wait.

Around every call of aiogram, drafts and edits among them, so that no place has to remember it.
"""

import time

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from prometheus_client import CollectorRegistry, Counter, Histogram

from core import tracing

_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: whose first flood shall be seen as a rise from 0
_USUAL = ("sendMessage", "editMessageText", "sendMessageDraft")


class Calls(BaseRequestMiddleware):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "telegram_request_duration_seconds",
            "Calls of the Bot API, by method and outcome.",
            ["method", "outcome"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._floods = Counter(
            "telegram_flood_waits_total",
            "How often Telegram asked to wait, by method.",
            ["method"],
            registry=registry,
        )
        self._flood_seconds = Counter(
            "telegram_flood_wait_seconds_total",
            "How long Telegram asked to wait, by method.",
            ["method"],
            registry=registry,
        )
        for method in _USUAL:
            self._floods.labels(method)
            self._flood_seconds.labels(method)

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        name = method.__api_method__
        started = time.perf_counter()
        outcome = "failed"
        try:
            with tracing.span("telegram", method=name):
                response = await make_request(bot, method)
            outcome = "answered"
        except TelegramRetryAfter as error:
            outcome = "flood"
            self._floods.labels(name).inc()
            self._flood_seconds.labels(name).inc(error.retry_after)
            raise
        except (TelegramNetworkError, TelegramServerError):
            raise
        except TelegramAPIError:
            outcome = "refused"
            raise
        finally:
            self._seconds.labels(name, outcome).observe(time.perf_counter() - started)
        return response
