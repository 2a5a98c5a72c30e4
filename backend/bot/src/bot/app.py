"""The bot, put together: from settings to running loops, and down again without losing anything."""

import asyncio
import hashlib
import signal
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.methods.base import Response
from aiogram.types import BotCommand, Message, User
from prometheus_client import CollectorRegistry
from sqlalchemy.dialects.postgresql import insert

from bot import again, handlers, privacy
from bot.edge import Health, serve
from bot.floods import Floods
from bot.heartbeat import Heartbeat
from bot.listener import listen
from bot.metrics import count_stalls, make_registry, metrics_route
from bot.metrics_calls import Calls
from bot.metrics_messages import Messages
from bot.metrics_models import Numbers, Watched
from bot.middlewares import Language, Seen
from bot.openings import Openings
from bot.pace import Pace
from bot.photos import Photos
from bot.privacy_texts import Facts
from bot.receivers import Receiver, receiver_for
from bot.rights import Rights
from bot.sender import Sender
from bot.sweeper import Sweeper
from bot.telegram import ask_telegram, open_bot
from bot.texts import ENGLISH, RUSSIAN, Texts
from bot.usage import Usage
from bot.worker import Worker
from core.chat.caps import Caps
from core.chat.desk import Desk
from core.chat.turns import Policy, Turns
from core.db import migrate
from core.db.session import Database
from core.db.tables import bots
from core.errors import StartupError
from core.llm.accounts import AccountWatch
from core.llm.build import build_model
from core.llm.catalog import Catalog
from core.llm.models_file import catalog_of
from core.llm.router import Router
from core.logging import get_logger
from core.processes import Process
from core.retention import Kept
from core.settings import Settings
from core.stats import marks
from core.watch import watch

log = get_logger(__name__)

# Together with DRAIN_SECONDS less than the 40 seconds after which a bot has to be gone: for running
# turns to be handed back, for calls of the sender to end, and for the last words to the database.
_HAND_BACK_SECONDS = 2.0
_SEND_SECONDS = 10.0
_DRAINED_AFTER = 33.0
_LEAVE_SECONDS = 3.5

# aiogram builds the class of a method's response anew at each call and pydantic keeps it only while
# somebody refers to it: a reference to each spares 4 ms a call after every garbage collection.
_KEPT_ALIVE = (Response[Message], Response[bool], Response[Message | bool], Response[User])


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; raises StartupError before anything has been started."""
    async with AsyncExitStack() as stack:
        database = await _open_database(settings, stack)
        bot, me = await open_bot(settings, stack)
        openings = Openings(database, me.id)
        registry = make_registry(database)
        stack.enter_context(watch(count_stalls(registry)))
        catalog = catalog_of(settings)
        numbers = Numbers(registry, catalog.names)
        models = await build_model(
            settings, catalog, stack, opened=openings.tell, spared=numbers.calls_spared.inc
        )
        router = models.router
        numbers.show(router)
        policy = _policy(settings)
        await _register(database, me, catalog, policy)
        messages = Messages(registry)
        pace = Pace(settings.telegram_calls_per_second)
        bot.session.middleware(pace)
        bot.session.middleware(Calls(registry))

        lease = timedelta(seconds=settings.lease_seconds)
        floods = Floods(database, me.id)
        sender = Sender(
            bot,
            database,
            policy=settings.send_policy,
            lease=lease,
            concurrency=settings.worker_concurrency,
            messages=messages,
            floods=floods,
            pace=pace,
        )
        watched = Watched(router, numbers)
        turns = Turns(
            database, watched, policy, delivered=sender.wake.set, expected=router.expected
        )
        desk = Desk(database, delivered=sender.wake.set)
        usage = Usage(database, ZoneInfo(settings.stats_timezone), policy.caps)
        rights = Rights(bot, database, turns, delivered=sender.wake.set)
        dispatcher = _dispatcher(
            turns=turns,
            desk=desk,
            usage=usage,
            rights=rights,
            facts=_facts(settings, catalog),
            me=me,
            outlook=lambda: router.outlook,
            zone=ZoneInfo(settings.stats_timezone),
            floods=floods,
            pace=pace,
            photos=Photos(bot, are_seen=router.sees_images),
        )
        worker = Worker(
            bot,
            dispatcher,
            database,
            turns,
            desk,
            lease=lease,
            concurrency=settings.worker_concurrency,
            messages=messages,
        )
        heartbeat = Heartbeat(
            database, Process(bot_id=me.id, release=policy.release), counted=pace.share_with
        )
        sweeper = Sweeper(database, _kept(settings))

        def received(kinds: Sequence[str]) -> None:
            messages.came(kinds)
            worker.wake.set()

        receiver = receiver_for(settings, bot, database, received)
        await _serve(settings, database, registry, receiver, router, stack)
        await ask_telegram(receiver.prepare())
        await _publish_commands(bot)
        log.info("bot_started", username=me.username, mode=settings.telegram_mode)
        await _run_until_told_to_stop(
            settings,
            receiver,
            worker,
            sender,
            turns,
            floods,
            [heartbeat, openings, sweeper, models.watch],
        )
        log.info("bot_stopped")


async def _open_database(settings: Settings, stack: AsyncExitStack) -> Database:
    database = Database(
        settings.require_database_url(),
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
    )
    stack.push_async_callback(database.close)
    await database.require_reachable()
    async with database.read() as session:
        if not await migrate.is_current(session):
            raise StartupError(
                f"DATABASE_URL: the tables at {database.address} are not those of this release: "
                "run `make migrate` first."
            )
    return database


async def _register(database: Database, me: User, catalog: Catalog, policy: Policy) -> None:
    """Make the bot known, and note on its charts what has changed since its last start."""
    row = {"id": me.id, "username": me.username or ""}
    statement = insert(bots).values(row).on_conflict_do_update(index_elements=["id"], set_=row)
    async with database.write() as session:
        await session.execute(statement)
        await marks.note_setup(
            session,
            me.id,
            marks.Setup(
                release=policy.release,
                prompt_hash=policy.prompt_hash,
                models=catalog.names,
            ),
        )


async def _serve(
    settings: Settings,
    database: Database,
    registry: CollectorRegistry,
    receiver: Receiver,
    router: Router,
    stack: AsyncExitStack,
) -> None:
    health = Health(
        database,
        release=version("parley-bot"),
        is_receiving=receiver.is_healthy,
        standings=lambda: router.standings,
    )
    routes = [
        *health.routes,
        metrics_route(registry, database, is_receiving=receiver.is_receiving),
        *receiver.routes,
    ]
    stop = await serve(routes, host=settings.bot_host, port=settings.bot_port)
    stack.push_async_callback(stop)


def _policy(settings: Settings) -> Policy:
    token = settings.require_telegram_token()
    return Policy(
        system_prompt=settings.system_prompt,
        history_limit=settings.max_history_messages,
        patience=settings.wait_seconds,
        caps=_caps(settings),
        release=version("parley-bot"),
        pseudonym_key=hashlib.sha256(f"parley pseudonyms {token}".encode()).digest(),
    )


def _caps(settings: Settings) -> Caps:
    def micros(dollars: Decimal | None) -> int | None:
        return None if dollars is None else int(dollars * 1_000_000)

    return Caps(
        user_messages_per_minute=settings.user_messages_per_minute,
        user_messages_per_day=settings.user_messages_per_day,
        user_tokens_per_day=settings.user_tokens_per_day,
        user_cost_per_day=micros(settings.user_cost_per_day),
        global_messages_per_day=settings.global_messages_per_day,
        global_tokens_per_day=settings.global_tokens_per_day,
        global_cost_per_day=micros(settings.global_cost_per_day),
        zone=ZoneInfo(settings.stats_timezone),
    )


def _facts(settings: Settings, catalog: Catalog) -> Facts:
    return Facts(
        provider=", ".join(_hosts(catalog)),
        history=settings.max_history_messages,
        raw_updates_days=settings.raw_updates_days,
        audit_log_days=settings.audit_log_days,
    )


def _hosts(catalog: Catalog) -> Iterable[str]:
    """Where questions are sent."""
    hosts = (urlsplit(account.base_url).hostname or "" for account in catalog.credentials)
    return dict.fromkeys(hosts)


def _kept(settings: Settings) -> Kept:
    return Kept(
        raw_updates=timedelta(days=settings.raw_updates_days),
        audit_log=timedelta(days=settings.audit_log_days),
    )


def _dispatcher(**given: Any) -> Dispatcher:
    """`given` is what handlers may ask for by these names."""
    dispatcher = Dispatcher(disable_fsm=True, **given)
    dispatcher.update.outer_middleware(Language())
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(Seen())
    dispatcher.include_routers(
        privacy.router, again.router, handlers.router
    )  # unknown commands come last
    return dispatcher


async def _publish_commands(bot: Bot) -> None:
    """Fill the command menu; a refusal costs the menu, not the bot."""

    def menu(texts: Texts) -> list[BotCommand]:
        return [BotCommand(command=name, description=text) for name, text in texts.commands.items()]

    try:
        await bot.set_my_commands(menu(ENGLISH))
        await bot.set_my_commands(menu(RUSSIAN), language_code="ru")
    except AiogramError as error:
        log.warning("commands_not_published", error=type(error).__name__)


async def _run_until_told_to_stop(
    settings: Settings,
    receiver: Receiver,
    worker: Worker,
    sender: Sender,
    turns: Turns,
    floods: Floods,
    beside: Sequence[Heartbeat | Openings | Sweeper | AccountWatch],
) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with asyncio.TaskGroup() as tasks:
        receiving = tasks.create_task(receiver.run())
        working = tasks.create_task(worker.run())
        sending = tasks.create_task(sender.run())
        others = [tasks.create_task(other.run()) for other in beside]
        background = [
            tasks.create_task(worker.keep_leases()),
            tasks.create_task(sender.recover()),
            tasks.create_task(
                listen(
                    settings.require_database_url(),
                    received=worker.wake.set,
                    stop=turns.interrupt,
                    flooded=floods.hear,
                )
            ),
        ]
        await told.wait()
        receiving.cancel()
        await worker.drain(timedelta(seconds=settings.drain_seconds))
        await _end([working], _HAND_BACK_SECONDS)
        sender.drain()
        await _end([sending], min(_SEND_SECONDS, _DRAINED_AFTER - settings.drain_seconds))
        for other in beside:
            other.stop()
        await _end(others, _LEAVE_SECONDS)
        for task in background:
            task.cancel()


async def _end(tasks: Sequence[asyncio.Task[None]], seconds: float) -> None:
    """Wait for what is about to end; what does not is left as a killed process would leave it."""
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        log.error("ended_by_force", task=task.get_name())
        task.cancel()
