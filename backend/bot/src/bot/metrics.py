"""What Prometheus reads of a bot process, beside /health; the parts are in `metrics_*`.

Labels are kinds, methods, outcomes and configured models: never a text or an identifier, and what
comes from outside and is not known is "other". Each process counts for itself.
"""

import asyncio
from collections.abc import Callable

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot.metrics_queues import Queues
from core.db.session import Database

_STALL_BUCKETS = (1.5, 2.0, 5.0, 10.0, 30.0, 60.0)


def make_registry(database: Database) -> CollectorRegistry:
    """With what every process has: memory, processor time, connections."""
    # a second series for each, which nobody asks for
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own gap
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    Gauge("asyncio_tasks", "Tasks of the event loop.", registry=registry).set_function(
        lambda: len(asyncio.all_tasks())
    )
    Gauge("database_connection_pool_size", "Connections the pool may open.", registry=registry).set(
        database.connections_allowed
    )
    Gauge(
        "database_connection_pool_available",
        "Connections that could be had without waiting.",
        registry=registry,
    ).set_function(lambda: database.connections_allowed - database.connections_in_use)
    return registry


def count_stalls(registry: CollectorRegistry) -> Callable[[float], None]:
    """Takes the seconds of each stall."""
    return Histogram(
        "event_loop_stall_seconds",
        "How long the event loop stood, each time that it was longer than a second.",
        buckets=_STALL_BUCKETS,
        registry=registry,
    ).observe


def metrics_route(
    registry: CollectorRegistry, database: Database, *, is_receiving: Callable[[], bool]
) -> web.RouteDef:
    queues = Queues(database)
    registry.register(queues)
    Gauge(
        "telegram_receiving",
        "1 while this process receives updates: it polls, or Telegram calls it.",
        registry=registry,
    ).set_function(is_receiving)

    async def metrics(_: web.Request) -> web.Response:
        await queues.look()
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return web.get("/metrics", metrics)
