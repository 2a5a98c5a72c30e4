"""Connections to PostgreSQL, and the two kinds of session that say what they may do.

A `Session` may write; a `ReadSession` reads, and may one day be served by a replica. A function
that asks for a `ReadSession` accepts both. Nothing below commits: the `write()` block does, and no
block spans a call over the network.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NewType

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, QueuePool

from core.errors import StartupError

ReadSession = NewType("ReadSession", AsyncConnection)
Session = NewType("Session", ReadSession)


class Database:
    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        max_overflow: int = 10,
        statement_timeout: timedelta | None = None,
    ) -> None:
        self._allowed = pool_size + max_overflow
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_pre_ping=False,  # a dead connection fails its statement, and the work is retried
            pool_timeout=10,
            connect_args=_connect_args(statement_timeout),
        )
        self._apart = create_async_engine(
            url, poolclass=NullPool, connect_args=_connect_args(statement_timeout)
        )

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        async with self.engine.begin() as connection:
            yield Session(ReadSession(connection))

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[ReadSession]:
        async with self.engine.connect() as connection:
            yield ReadSession(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[ReadSession]:
        """A read in which every statement sees the same moment, so that its numbers agree."""
        async with self.engine.connect() as connection:
            frozen = await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            yield ReadSession(frozen)

    @asynccontextmanager
    async def apart(self) -> AsyncGenerator[AsyncConnection]:
        """A connection beside the pool, for what must go on when the pool has none left."""
        async with self._apart.connect() as connection:
            yield connection

    async def require_reachable(self) -> None:
        """Raises StartupError with what to do when the database does not answer."""
        try:
            async with self.read() as session:
                await session.execute(text("SELECT 1"))
        except (OSError, SQLAlchemyError, DBAPIError) as error:
            raise StartupError(
                f"DATABASE_URL: the database at {self.address} does not answer "
                f"({_reason(error)}): check the address, the password, and that PostgreSQL runs."
            ) from None

    @property
    def address(self) -> str:
        """Host, port and database, without user or password."""
        url = self.engine.url
        return f"{url.host}:{url.port or 5432}/{url.database}"

    @property
    def connections_in_use(self) -> int:
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    @property
    def connections_allowed(self) -> int:
        return self._allowed

    async def close(self) -> None:
        await self.engine.dispose()


#: connection lost, no resources left, somebody stops the server
_AWAY = ("08", "53", "57P")


def is_away(error: BaseException) -> bool:
    """Whether PostgreSQL could not be asked, rather than refused what it was asked."""
    if isinstance(error, ConnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    is_lost = error.connection_invalidated or isinstance(error, InterfaceError | OperationalError)
    return is_lost or sqlstate.startswith(_AWAY)


def _connect_args(statement_timeout: timedelta | None) -> dict[str, Any]:
    return {
        "timeout": 5,
        "command_timeout": 30,
        "prepared_statement_cache_size": 500,
        "server_settings": _server_settings(statement_timeout),
    }


def _server_settings(statement_timeout: timedelta | None) -> dict[str, str]:
    common = {"application_name": "parley", "jit": "off"}
    if statement_timeout is None:
        return common
    return common | {"statement_timeout": str(round(statement_timeout.total_seconds() * 1000))}


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error
    match type(getattr(cause, "__cause__", None) or cause).__name__:
        case "InvalidPasswordError" | "InvalidAuthorizationSpecificationError":
            return "user or password refused"
        case "InvalidCatalogNameError":
            return "no such database"
        case "TimeoutError":
            return "time-out"
        case _:
            return "connection refused" if isinstance(error, OSError) else "no connection"
