"""Workers: claim items from the inbox, hand each to aiogram's dispatcher, keep their leases.

One running item per lane, lanes side by side. An item that keeps failing is parked with its reason
after three tries, the person is told, and the lane moves on.
"""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Message, Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from bot.handlers import address_of
from bot.metrics_messages import Messages
from bot.reply import plain_parts
from bot.texts import texts_for
from bot.wake import Wake
from core import tracing
from core.chat import inbox
from core.chat.desk import Desk
from core.chat.inbox import Fenced, Hold, Work
from core.chat.turns import Turns
from core.db.session import Database, is_away
from core.failpoints import Failpoint, reach
from core.logging import get_logger
from core.reporting import report

log = get_logger(__name__)

MAX_ATTEMPTS = 3
#: an item that was claimed so often without an end takes its process with it each time
MAX_CLAIMS = 10
#: claimed at once; more would only wait in this process instead of the table
BATCH = 32


class Worker:
    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        database: Database,
        turns: Turns,
        desk: Desk,
        *,
        lease: timedelta,
        concurrency: int,
        messages: Messages,
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._database = database
        self._turns = turns
        self._desk = desk
        self._lease = lease
        self._concurrency = concurrency
        self._messages = messages
        #: by number and epoch: an item that was lost and claimed again runs twice for a moment
        self._running: dict[Hold, tuple[Work, asyncio.Task[None]]] = {}
        self.wake = Wake()

    async def run(self) -> None:
        """Work for ever; `drain` ends it."""
        async with asyncio.TaskGroup() as tasks:
            while not self.wake.is_closed:
                for work in await self._claim():
                    task = tasks.create_task(self._handle(work))
                    self._running[work.hold] = (work, task)
                    task.add_done_callback(partial(self._done, work.hold))
                await self.wake.wait(0.5)

    async def keep_leases(self) -> None:
        """Renew, for ever, the leases of running items; abandon those that somebody else holds."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                await self._renew()
                await self._turns.obey_stop_requests()
            except (SQLAlchemyError, OSError) as error:
                log.error("lease_not_renewed", error=type(error).__name__)

    async def drain(self, grace: timedelta) -> None:
        """Claim nothing more; let running items end, then hand back what is left."""
        self.wake.close()
        running = [task for _, task in self._running.values()]
        if running:
            await asyncio.wait(running, timeout=grace.total_seconds())
        for _, task in list(self._running.values()):
            task.cancel()

    def _done(self, hold: Hold, _: asyncio.Task[None]) -> None:
        self._running.pop(hold, None)
        self.wake.set()

    async def _claim(self) -> list[Work]:
        free = min(self._concurrency - len(self._running), BATCH)
        if free <= 0:
            return []
        try:
            async with self._database.write() as session:
                works = await inbox.claim(session, self._bot.id, limit=free, lease=self._lease)
        except (SQLAlchemyError, OSError) as error:
            log.error("inbox_unreachable", error=type(error).__name__)
            await asyncio.sleep(1)
            return []
        if works:
            reach(Failpoint.WORK_CLAIMED)
        if len(works) == BATCH:
            self.wake.set()
        return works

    async def _renew(self) -> None:
        held = [work for work, _ in self._running.values()]
        if not held:
            return
        async with self._database.write() as session:
            lost = await inbox.renew(session, held, lease=self._lease)
        for work, task in [self._running[hold] for hold in lost if hold in self._running]:
            log.warning("work_lost", update=work.update_id)
            task.cancel()

    async def _handle(self, work: Work) -> None:
        self._messages.taken(queue_ms=work.queue_ms)
        with (
            bound_contextvars(update=work.update_id, kind=work.kind),
            tracing.span("update", kind=work.kind, queue_ms=work.queue_ms) as span,
        ):
            try:
                if work.attempts > MAX_CLAIMS:
                    await self._give_up(work, "never came to an end")
                else:
                    await self._dispatch(work)
            except Fenced:
                log.warning("work_fenced")
            except asyncio.CancelledError:
                log.info("work_handed_back")
                raise
            except Exception as error:  # noqa: BLE001 - whatever a handler raises, the lane must move on
                span.fail(type(error).__name__)
                await self._failed(work, error)

    async def _dispatch(self, work: Work) -> None:
        try:
            update = Update.model_validate(_newest(work), context={"bot": self._bot})
            _ = update.event_type
        except ValidationError as error:
            await self._park(work, f"cannot be parsed: {_where(error)}")
        except UpdateTypeLookupError:
            await self._park(work, "of a kind unknown to this release")
        else:
            result = await self._dispatcher.feed_update(self._bot, update, work=work)
            if result is UNHANDLED:
                await self._desk.close(work)

    async def _park(self, work: Work, reason: str) -> None:
        log.error("update_parked", reason=reason)
        async with self._database.write() as session:
            await inbox.park(session, work, reason=reason)

    async def _failed(self, work: Work, error: Exception) -> None:
        """Try again a little later, at most twice unless the database was away; the exception's own
        words are not logged.
        """
        reason = f"{type(error).__module__}.{type(error).__name__}"
        log.error("work_failed", error=reason, at=_origin(error), attempt=work.attempts)
        self._messages.failed()
        report(error, kind=work.kind)
        try:
            if work.attempts < MAX_ATTEMPTS or is_away(error):
                async with self._database.write() as session:
                    delay = timedelta(seconds=2 ** min(work.attempts - 1, MAX_ATTEMPTS))
                    await inbox.retry(session, work, delay=delay, reason=reason)
            else:
                await self._give_up(work, reason)
        except Fenced:
            log.warning("work_fenced")
        except (SQLAlchemyError, OSError):
            log.error("retry_not_stored")

    async def _give_up(self, work: Work, reason: str) -> None:
        update = Update.model_validate(work.raw, context={"bot": self._bot})
        if not isinstance(update.event, Message) or work.kind != "message":
            await self._park(work, reason)
            return
        author = update.event.from_user
        texts = texts_for(author.language_code if author else None)
        await self._desk.give_up(
            work,
            address_of(update.event),
            update.event.message_id,
            plain_parts(texts.crashed),
            reason,
        )


def _newest(work: Work) -> Any:
    """The update, with the words to which its author has changed them before anybody answered."""
    if work.edit is None:
        return work.raw
    return {**work.raw, "message": work.edit["edited_message"]}


def _where(error: ValidationError) -> str:
    """The fields at fault, without their values."""
    places: list[Any] = [item["loc"] for item in error.errors(include_input=False)[:3]]
    return "; ".join(".".join(str(step) for step in place) for place in places)


def _origin(error: Exception) -> str:
    """File and line where the error was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
