"""GET /live: the day's numbers as they change, by server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from api import problems
from api.accounts import errors
from api.accounts.current import Reader
from api.documentation import EDGES
from api.problems import Problem
from api.stats import shapes
from core.db.session import Database
from core.stats.calendar import Period, last, zone_named
from core.stats.metrics import METRICS
from core.stats.query import Clock, measure
from core.stats.sources import Filters

router = APIRouter(tags=["statistics"])

METRICS_SHOWN = ("messages", "questions", "answers", "active_users", "cost", "failed", "stopped")
#: seconds between looks, between signs of life, and until the client has to come again; by then
#: an account may have been disabled
LOOK, ALIVE, ENOUGH = 2.0, 15.0, 300.0
MAX_STREAMS = 200


_EXAMPLE = (
    "event: stats\nretry: 3000\n"
    'data: {"as_of":"2026-11-21T08:00:00Z","values":{"questions":412}}\n\n: alive\n\n'
)


class Update(BaseModel):
    """Numbers of the last 24 hours."""

    as_of: datetime
    values: shapes.Values


class Live:
    """Looks for all streams of this process at once."""

    def __init__(self, database: Database, zone: str) -> None:
        self._database = database
        self._zone = zone_named(zone)
        self._lock = asyncio.Lock()
        self._looked = float("-inf")
        self._latest: dict[str, shapes.Number] = {}
        self.as_of = datetime.now(UTC)
        self.streams = 0
        self.is_closing = False

    async def latest(self) -> dict[str, shapes.Number]:
        """At most LOOK seconds old."""
        async with self._lock:
            if time.monotonic() - self._looked >= LOOK:
                await self._look()
        return self._latest

    async def _look(self) -> None:
        window = last(Period.DAY, datetime.now(UTC), self._zone)
        clock = Clock(zone=window.zone, now=window.now)
        metrics = [METRICS[slug] for slug in METRICS_SHOWN]
        async with self._database.snapshot() as session:
            [self._latest] = await measure(session, metrics, [window.span], Filters(), clock)
        self.as_of, self._looked = window.now, time.monotonic()


def _live(request: Request) -> Live:
    live: Live = request.app.state.live
    return live


LiveDependency = Annotated[Live, Depends(_live)]


async def _with_room(live: LiveDependency) -> AsyncIterator[Live]:
    """A place among the streams, until this one has ended."""
    if live.streams >= MAX_STREAMS:
        raise Problem(
            503,
            "too_many_streams",
            "Too many live views are open: try again in a minute.",
            headers={"Retry-After": "60"},
        )
    live.streams += 1
    try:
        yield live
    finally:
        live.streams -= 1


@router.get(
    "/live",
    summary="The last 24 hours as they change",
    response_class=EventSourceResponse,
    responses={
        **errors.merged(
            EDGES,
            errors.READER,
            problems.documented(
                too_many_streams_503="Too many live views are open: try again in a minute."
            ),
        ),
        200: {"description": "Events.", "content": {"text/event-stream": {"example": _EXAMPLE}}},
    },
)
async def stream(
    _: Reader, live: Annotated[Live, Depends(_with_room)]
) -> AsyncIterable[ServerSentEvent]:
    """An event `stats` at once and after each change, a comment every 15 seconds.

    Ends after five minutes; clients come again by themselves, as EventSource does.
    """
    began = told = time.monotonic()
    shown: dict[str, shapes.Number] = {}
    while time.monotonic() - began < ENOUGH and not live.is_closing:
        latest = await live.latest()
        if latest != shown:
            update = Update(as_of=live.as_of, values=latest)
            yield ServerSentEvent(event="stats", raw_data=update.model_dump_json(), retry=3000)
            shown, told = latest, time.monotonic()
        elif time.monotonic() - told > ALIVE:
            yield ServerSentEvent(comment="alive")
            told = time.monotonic()
        await asyncio.sleep(LOOK)
