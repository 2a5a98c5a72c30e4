"""GET /stats: summary, activity, newest dialogs and most active people in one answer."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from api.stats import shapes
from core.db.session import Database
from core.stats import lists
from core.stats.calendar import Span, Window
from core.stats.dialogs import DialogFilters, dialogs
from core.stats.lists import UserOrder, UserRow
from core.stats.metrics import METRICS, Metric
from core.stats.query import Clock, Question, measure_each
from core.stats.sources import Filters

SUMMARY = (
    "messages",
    "questions",
    "answers",
    "dialogs",
    "active_users",
    "new_users",
    "returning_users",
    "answer_length",
    "tokens",
    "cost",
    "cost_per_answer",
    "estimated_cost_share",
    "error_rate",
    "fallback_rate",
    "saved_answers",
    "declined_rate",
    "stopped_rate",
    "delivery_unknown",
    "feedback_score",
    "first_visible_p50",
    "first_visible_p95",
    "full_answer_p50",
    "full_answer_p95",
)
ACTIVITY = ("messages", "questions", "answers", "active_users", "tokens", "cost", "failed")
RECENT_DIALOGS = 10
TOP_USERS = 10


@dataclass(slots=True)
class _Made:
    users: list[UserRow]
    as_of: datetime
    at: float = field(default_factory=time.monotonic)


class TopUsers:
    """The most active people of a window, remembered for a while.

    The one number of the overview whose cost grows with the people of the window, not with its
    buckets. An older list is shown at once, with its age, while a new one is made.
    """

    #: seconds
    FRESH = 30
    MAX_REMEMBERED = 200

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: OrderedDict[tuple[Span, Filters], _Made] = OrderedDict()
        self._making: dict[tuple[Span, Filters], asyncio.Task[_Made]] = {}

    async def of(self, span: Span, filters: Filters) -> shapes.TopUsers:
        made = self._made.get((span, filters))
        if made is None:
            made = await asyncio.shield(self._make(span, filters))
        elif time.monotonic() - made.at > self.FRESH:
            _ = self._make(span, filters)
        return shapes.TopUsers(
            as_of=made.as_of, users=[shapes.UserBody.of(row) for row in made.users]
        )

    async def close(self) -> None:
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    def _make(self, span: Span, filters: Filters) -> asyncio.Task[_Made]:
        """One task makes the list for all who wait for it."""
        key = (span, filters)
        if (task := self._making.get(key)) is None:
            task = asyncio.get_running_loop().create_task(self._query(span, filters))
            self._making[key] = task
            task.add_done_callback(lambda done: self._remember(key, done))
        return task

    def _remember(self, key: tuple[Span, Filters], done: asyncio.Task[_Made]) -> None:
        self._making.pop(key, None)
        if done.cancelled() or done.exception():
            return  # whoever waited for it has been told; an older list stays
        self._made[key] = done.result()
        self._made.move_to_end(key)
        while len(self._made) > self.MAX_REMEMBERED:
            self._made.popitem(last=False)

    async def _query(self, span: Span, filters: Filters) -> _Made:
        narrowed = Filters(bot=filters.bot, user=filters.user)
        as_of = datetime.now(UTC)
        async with self._database.read() as session:
            users = await lists.users(
                session, span, narrowed, order=UserOrder.QUESTIONS, limit=TOP_USERS
            )
        return _Made(users, as_of)


def _top_users(request: Request) -> TopUsers:
    tops: TopUsers = request.app.state.top_users
    return tops


TopUsersDependency = Annotated[TopUsers, Depends(_top_users)]


async def make(
    database: Database, tops: TopUsers, window: Window, filters: Filters
) -> shapes.Overview:
    clock = Clock(zone=window.zone, now=window.now)
    spans = window.buckets()
    wholes = [window.span, *([window.previous] if window.previous else [])]
    async with database.snapshot() as session:
        summary = Question(_fitting(SUMMARY, filters), wholes)
        activity = Question(_fitting(ACTIVITY, filters), spans)
        totals, by_bucket = await measure_each(session, [summary, activity], filters, clock)
        newest = DialogFilters(span=window.span, filters=filters)
        recent = await dialogs(session, newest, limit=RECENT_DIALOGS)
    return shapes.Overview.model_construct(
        window=shapes.WindowBody.of(window),
        summary=shapes.comparison(totals),
        activity=[
            shapes.bucket(span, found, window) for span, found in zip(spans, by_bucket, strict=True)
        ],
        recent_dialogs=[shapes.DialogBody.of(row) for row in recent],
        top_users=await tops.of(window.span, filters),
    )


def _fitting(slugs: tuple[str, ...], filters: Filters) -> list[Metric]:
    return [METRICS[slug] for slug in slugs if filters.names <= METRICS[slug].filters]
