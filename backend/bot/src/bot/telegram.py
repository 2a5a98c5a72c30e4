"""The first words with Telegram: what is wrong with them is said in one sentence."""

from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import User
from aiogram.utils.token import TokenValidationError

from core.errors import StartupError
from core.settings import Settings

T = TypeVar("T")


async def open_bot(settings: Settings, stack: AsyncExitStack) -> tuple[Bot, User]:
    token = settings.require_telegram_token()
    session = AiohttpSession(api=TelegramAPIServer.from_base(settings.telegram_api_base_url))
    try:
        bot = Bot(token, session=session)
    except TokenValidationError:
        raise StartupError(
            "TELEGRAM_TOKEN is not a bot token: @BotFather gives one such as 123456:ABC-DEF."
        ) from None
    stack.push_async_callback(bot.session.close)
    return bot, await ask_telegram(bot.get_me())


async def ask_telegram(question: Awaitable[T]) -> T:
    """Await a first call to Telegram and say in one sentence what is wrong with it."""
    try:
        return await question
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise StartupError(
            "TELEGRAM_TOKEN is refused by Telegram (401): copy it again from @BotFather."
        ) from None
    except AiogramError as error:
        raise StartupError(
            "TELEGRAM_API_BASE_URL: Telegram does not answer as it should "
            f"({type(error).__name__}): check the network and the address."
        ) from None
