"""What the database takes: queries timed by name, slow ones told, plans, the pool running low.

    select(...).execution_options(query="stats.summary")    gives a query its name
    await session.execute(text("...").execution_options(query="stats.summary"))

Names are written in the code, and so they may become labels. What has none is "other". Never a
value: logs and plans show names, milliseconds and the shape of a plan.
"""

import time
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext, ExecutionContext

from api.metrics import Metrics
from api.plans import Plans
from core.db.session import Database
from core.logging import get_logger

log = get_logger(__name__)

UNNAMED = "other"

SLOW_SECONDS = 0.5
VERY_SLOW_SECONDS = 1.0
POOL_SHARE = 0.8

_STARTED = "parley_started"


class Observer:
    """Listens to a database's engine from its construction on."""

    def __init__(self, database: Database, metrics: Metrics, plans: Plans | None = None) -> None:
        self._database = database
        self._metrics = metrics
        self._plans = plans
        self._is_low = False
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)
        event.listen(engine, "handle_error", self._failed)
        event.listen(engine, "checkout", self._taken)
        event.listen(engine, "checkin", self._given_back)

    def _before(
        self,
        connection: Connection,
        _cursor: Any,
        _statement: str,
        _parameters: Any,
        _context: ExecutionContext | None,
        _many: bool,  # noqa: FBT001 - SQLAlchemy calls it so
    ) -> None:
        connection.info[_STARTED] = time.perf_counter()

    def _after(
        self,
        connection: Connection,
        _cursor: Any,
        statement: str,
        parameters: Any,
        context: ExecutionContext | None,
        many: bool,  # noqa: FBT001 - SQLAlchemy calls it so
    ) -> None:
        name = self._timed(connection, context)
        if self._plans and not many:
            self._plans.want(name, statement, parameters)

    def _failed(self, error: ExceptionContext) -> None:
        if error.connection is not None and error.execution_context is not None:
            self._timed(error.connection, error.execution_context)

    def _timed(self, connection: Connection, context: ExecutionContext | None) -> str:
        name = _name(context)
        started: float | None = connection.info.pop(_STARTED, None)
        if started is not None:
            seconds = time.perf_counter() - started
            self._metrics.query_seconds.labels(name).observe(seconds)
            _tell_if_slow(name, seconds)
        return name

    def _taken(self, *_: object) -> None:
        if not self._is_low and self._share > POOL_SHARE:
            self._is_low = True
            log.warning(
                "database_pool_low",
                in_use=self._database.connections_in_use,
                size=self._database.connections_allowed,
            )

    def _given_back(self, *_: object) -> None:
        if self._is_low and self._share <= POOL_SHARE:
            self._is_low = False

    @property
    def _share(self) -> float:
        return self._database.connections_in_use / self._database.connections_allowed


def _name(context: ExecutionContext | None) -> str:
    options = context.execution_options if context is not None else {}
    return str(options.get("query", UNNAMED))


def _tell_if_slow(name: str, seconds: float) -> None:
    if seconds <= SLOW_SECONDS:
        return
    tell = log.error if seconds > VERY_SLOW_SECONDS else log.warning
    tell("slow_query", query=name, ms=round(seconds * 1000))
