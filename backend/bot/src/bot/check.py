"""`python -m bot check`: whether this configuration can work, before anything is started.

Each finding is a line of JSON: what was looked at, whether it is well, and what to do if not.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.telegram import open_bot
from core.db import migrate
from core.db.session import Database
from core.errors import StartupError
from core.llm.catalog import Credential
from core.llm.errors import Gone, KeyRefused, ModelError, NoCredit, RateLimited, Unavailable
from core.llm.model import Finished, Prompt, PromptMessage, Role
from core.llm.models_file import catalog_of
from core.llm.openai import OpenAICompatible, open_client
from core.settings import Settings, TelegramMode

#: seconds by which clocks may differ; certificates and leases tolerate more
_SKEW = 30.0
_MODEL_SECONDS = 30.0
_SECONDS = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    name: str
    is_well: bool
    detail: str
    remedy: str = ""


async def check(settings: Settings, *, is_running: bool) -> bool:
    """Print every finding; False when one is not well.

    `is_running`: the bot is up, so that a conflict with itself and an older schema are expected.
    """
    is_well = True
    async for finding in _findings(settings, is_running=is_running):
        tell(finding)
        is_well = is_well and finding.is_well
    return is_well


def tell(finding: Finding) -> None:
    print(json.dumps(asdict(finding)), flush=True)  # noqa: T201 - its output


async def _findings(settings: Settings, *, is_running: bool) -> AsyncIterator[Finding]:
    yield await _finding("database", partial(_database, settings))
    yield await _finding("clock", partial(_clock, settings))
    async with AsyncExitStack() as stack:
        try:
            bot, me = await open_bot(settings, stack)
        except StartupError as error:
            yield _not_started("telegram", error)
        else:
            yield Finding(name="telegram", is_well=True, detail=f"@{me.username} answers")
            if not is_running:
                yield await _finding("only one receiver", partial(_conflict, settings, bot))
        try:
            catalog = catalog_of(settings)
        except StartupError as error:
            yield Finding(name="models", is_well=False, detail=str(error))  # often with its line
            return
        clients = {credential: open_client(credential) for credential in catalog.credentials}
        for client in clients.values():
            stack.push_async_callback(client.close)
        for entry in catalog.entries:
            model = OpenAICompatible(clients[entry.credential], entry, max_tokens=1)
            yield await _finding(f"model {entry.name}", partial(_model, model, entry.credential))


async def _finding(name: str, look: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name=name, is_well=True, detail=await look())
    except _NotWell as found:
        return Finding(name=name, is_well=False, detail=found.detail, remedy=found.remedy)


_REMEDIES: dict[type[ModelError], str] = {
    KeyRefused: "Copy {key} again from the account at the provider.",
    NoCredit: "Put credit on the account at the provider, or use another account's key.",
    Gone: "Name a model that the provider has in {models}.",
    RateLimited: "Wait a minute; if it stays, raise the account's limit at the provider.",
    Unavailable: "Check the network, its DNS and {address}.",
}
_ELSE = "Look at the provider's page about its state, or name another model."


def _remedy(error: ModelError, account: Credential) -> str:
    words = next((x for kind, x in _REMEDIES.items() if isinstance(error, kind)), _ELSE)
    is_simple = account.key_variable == "OPENROUTER_API_KEY"
    place = f"[credentials.{account.name}]"
    return words.format(
        key=account.key_variable or f"the key of {place}",
        models="OPENROUTER_MODEL and its fallbacks" if is_simple else "the file of MODELS_FILE",
        address="OPENROUTER_BASE_URL" if is_simple else f"base_url of {place}",
    )


def _not_started(name: str, error: StartupError) -> Finding:
    """Its sentence ends with the remedy, after a colon."""
    detail, _, remedy = str(error).rpartition(": ")
    return Finding(name=name, is_well=False, detail=detail, remedy=remedy[:1].upper() + remedy[1:])


class _NotWell(Exception):
    def __init__(self, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.detail, self.remedy = detail, remedy


async def _database(settings: Settings) -> str:
    database = Database(settings.require_database_url(), pool_size=1, max_overflow=0)
    try:
        await database.require_reachable()
        async with database.read() as session:
            version = (await session.execute(text("SHOW server_version"))).scalar_one()
            now = (await session.execute(text("SELECT now()"))).scalar_one()
            is_current = await migrate.is_current(session)
    except (StartupError, SQLAlchemyError, OSError) as error:
        reason = error if isinstance(error, StartupError) else type(error).__name__
        raise _NotWell(str(reason), "Check DATABASE_URL, and that PostgreSQL runs.") from None
    finally:
        await database.close()
    skew = abs((now - datetime.now(UTC)).total_seconds())
    if skew > _SKEW:
        raise _NotWell(
            f"the database's clock differs by {skew:.0f} s",
            "Let both machines keep their clocks by NTP.",
        )
    waiting = "" if is_current else "; migrations are due"
    return f"PostgreSQL {version} answers{waiting}"


async def _clock(settings: Settings) -> str:
    try:
        async with (
            aiohttp.ClientSession(timeout=_SECONDS) as session,
            session.head(settings.telegram_api_base_url) as answer,
        ):
            said = answer.headers.get("Date")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _NotWell(
            f"Telegram cannot be reached ({type(error).__name__})",
            "Check the network, its DNS and TELEGRAM_API_BASE_URL.",
        ) from None
    if said is None:
        return "Telegram's server tells no time; not compared"
    skew = abs((parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    if skew > _SKEW:
        raise _NotWell(
            f"this clock differs from Telegram's by {skew:.0f} s", "Keep the clock by NTP."
        )
    return f"within {max(skew, 1):.0f} s of Telegram's"


async def _conflict(settings: Settings, bot: Bot) -> str:
    """Two receivers of one token take each other's updates."""
    try:
        webhook = await bot.get_webhook_info()
        if settings.telegram_mode is TelegramMode.POLLING:
            if webhook.url:
                raise _NotWell(
                    "a webhook is set for this token",
                    "It is removed at the start; stop whatever has set it, or it comes back.",
                )
            await bot.get_updates(limit=1, timeout=0, request_timeout=10)
    except TelegramConflictError:
        raise _NotWell(
            "another program receives with this token (409)",
            "Stop it, or take a token of its own from @BotFather.",
        ) from None
    except AiogramError as error:
        raise _NotWell(type(error).__name__, "Try again; see the bot's log.") from None
    return "nobody else receives with this token"


async def _model(model: OpenAICompatible, account: Credential) -> str:
    """A call of one token: the key, the model's name and the account's credit are good."""
    prompt = Prompt(messages=(PromptMessage(role=Role.USER, content="Say yes."),))
    try:
        async with asyncio.timeout(_MODEL_SECONDS):
            async for event in model.stream(prompt):
                if isinstance(event, Finished):
                    break
    except TimeoutError:
        raise _NotWell(
            f"no answer within {_MODEL_SECONDS:.0f} s", "Choose another model, or try later."
        ) from None
    except ModelError as error:
        status = f" ({error.http_status})" if error.http_status else ""
        raise _NotWell(f"{error}".rstrip(".") + status, _remedy(error, account)) from None
    return "answers"
