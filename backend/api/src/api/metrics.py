"""What Prometheus reads on the private port: requests by route, queries by name, the pool.

Labels are route templates, names of queries and statuses: never a path, an id or a text.
"""

from collections.abc import Generator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIServer

from fastapi import FastAPI
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)
from prometheus_fastapi_instrumentator import Instrumentator
from prometheus_fastapi_instrumentator.metrics import Info, default

from core.db.session import Database

#: what matched no route
UNMATCHED = "none"

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_STALL_BUCKETS = (1.5, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """One registry for one application, so that two in one process do not mix."""

    def __init__(self, database: Database) -> None:
        # a second series for each, which nobody asks for
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own gap
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.query_seconds = Histogram(
            "database_query_duration_seconds",
            "Time until the database answered, by the name of the query.",
            ["query"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.requests = Counter(
            "stats_api_requests_total",
            "Requests by route and status.",
            ["route", "status"],
            registry=self.registry,
        )
        self.rate_limit_fallback = Gauge(
            "rate_limit_fallback",
            "1 while Redis is away and each process counts for itself.",
            registry=self.registry,
        )
        self.csp_reports = Counter(
            "csp_reports_total",
            "What browsers refused on our pages, by directive.",
            ["directive"],
            registry=self.registry,
        )
        self.stall_seconds = Histogram(
            "event_loop_stall_seconds",
            "How long the event loop stood, each time that it was longer than a second.",
            buckets=_STALL_BUCKETS,
            registry=self.registry,
        )
        self._watch_pool(database)

    def instrument(self, app: FastAPI) -> None:
        """Count every request of the application; the last middleware to be added."""
        instrumentator = Instrumentator(
            should_group_status_codes=False,
            should_group_untemplated=True,
            registry=self.registry,
        )
        instrumentator.add(default(registry=self.registry), self._count)
        instrumentator.instrument(app)

    @contextmanager
    def served(self, host: str, port: int) -> Generator[None]:
        """Listens in a thread, and so also while the event loop is busy."""
        server, thread = start_http_server(port, host, self.registry)
        try:
            yield
        finally:
            _stop(server)
            thread.join()

    def _count(self, info: Info) -> None:
        self.requests.labels(info.modified_handler, info.modified_status).inc()

    def _watch_pool(self, database: Database) -> None:
        size = Gauge(
            "database_connection_pool_size",
            "Connections the pool may open.",
            registry=self.registry,
        )
        size.set(database.connections_allowed)
        available = Gauge(
            "database_connection_pool_available",
            "Connections that could be had without waiting.",
            registry=self.registry,
        )
        available.set_function(lambda: database.connections_allowed - database.connections_in_use)


def _stop(server: WSGIServer) -> None:
    server.shutdown()
    server.server_close()
