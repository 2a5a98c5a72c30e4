"""What waits in the database, looked at when Prometheus asks, and not more often than it changes.

While the database is away there is nothing to tell but that: old numbers would look like new ones.
"""

import asyncio
import time
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from core.db.session import Database
from core.logging import get_logger
from core.stats import system

log = get_logger(__name__)

_FRESH_SECONDS = 5.0
_PATIENCE_SECONDS = 2.0


class Queues(Collector):
    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: system.Waiting | None = None
        self._looked = float("-inf")

    async def look(self) -> None:
        """Learn what waits, unless it is known; never raises."""
        if time.monotonic() - self._looked < _FRESH_SECONDS:
            return
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.read() as session:
                self._waiting = await system.look_at_waiting(session)
        except (SQLAlchemyError, OSError) as error:
            self._waiting = None
            log.warning("queues_not_seen", error=type(error).__name__)
        self._looked = time.monotonic()

    def collect(self) -> Iterator[Metric]:
        found = self._waiting
        yield _gauge("database_reachable", "1 if the database answered.", found is not None)
        if found is None:
            return
        depth = GaugeMetricFamily("inbox_depth", "Updates, by state.", labels=["state"])
        depth.add_metric(["waiting"], found.queue.waiting)
        depth.add_metric(["running"], found.queue.running)
        depth.add_metric(["dead"], found.queue.dead)
        yield depth
        yield _gauge(
            "inbox_oldest_age_seconds",
            "Since the oldest waiting update came.",
            found.queue.oldest_waiting_seconds,
        )
        yield _gauge("turns_waiting", "Turns that could reach no model yet.", found.turns.waiting)
        yield _gauge(
            "turns_waiting_oldest_age_seconds",
            "Since the first of them could reach none.",
            found.turns.oldest_waiting_seconds,
        )
        yield _gauge("outbox_depth", "Parts of replies to send.", found.outbox.pending)
        yield _gauge(
            "outbox_oldest_age_seconds",
            "Since the oldest part to send was written.",
            found.outbox.oldest_pending_seconds,
        )


def _gauge(name: str, meaning: str, value: float | None) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value or 0)
