"""The PostgreSQL of a benchmark, with its history and rollups: built, or found as it was left."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from core.db import migrate
from core.db.session import Database
from core.stats.rebuild import rebuild
from local.bench_stats.bare import bare
from local.bench_stats.history import BOTS, UNSTAGING, Size, filling, staging

#: raised when the same size and seed no longer give the same rows
GENERATOR = 1
#: a history that ended longer ago is made anew: the endpoint's windows end now
FRESH = timedelta(hours=8)
_FILLED = ("users", "dialogs", "messages", "turns", "llm_attempts")

Say = Callable[[str], None]


async def prepare(url: str, size: Size, say: Say) -> Size:
    """Make sure that the database holds such a history; returns the one that is there."""
    await migrate.upgrade(url)
    async with connected(url) as connection:
        left = await _left(connection, size)
        if left:
            say(f"found as it was left: history until {left.end:%Y-%m-%d %H:%M} UTC")
            return left
        if await connection.fetchval("SELECT EXISTS (SELECT FROM turns)"):
            say("another history is here: emptying the tables")
            await _empty(connection)
    started = time.monotonic()
    await _build(url, size, say)
    async with connected(url) as connection:
        await _remember(connection, size)
    say(f"built in {time.monotonic() - started:.0f} s")
    return size


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


def _note(size: Size) -> str:
    return json.dumps({**asdict(size), "end": size.end.isoformat(), "generator": GENERATOR})


async def _remember(connection: asyncpg.Connection, size: Size | None) -> None:
    """The comment of the database says what is in it."""
    name = await connection.fetchval("SELECT quote_ident(current_database())")
    note = f"'{_note(size)}'" if size else "NULL"
    await connection.execute(f"COMMENT ON DATABASE {name} IS {note}")


async def _left(connection: asyncpg.Connection, size: Size) -> Size | None:
    note = await connection.fetchval(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = current_database()"
    )
    found: dict[str, Any] = json.loads(note) if note else {}
    if not found:
        return None
    left = replace(size, end=datetime.fromisoformat(found["end"]))
    is_fresh = abs(size.end - left.end) < FRESH and size.end.date() == left.end.date()
    return left if found == json.loads(_note(left)) and is_fresh else None


async def _empty(connection: asyncpg.Connection) -> None:
    await _remember(connection, None)
    tables = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
        "AND tablename <> 'alembic_version'"
    )
    names = ", ".join(row["tablename"] for row in tables)
    await connection.execute(f"TRUNCATE {names}")


async def _build(url: str, size: Size, say: Say) -> None:
    say(f"drawing {size.messages:,} messages of {size.people:,} people")
    async with connected(url) as connection:
        await connection.execute("DROP TABLE IF EXISTS bench_people, bench_sittings, bench_turns")
        await _run(url, staging(size))
        say("writing them")
        await connection.executemany(
            "INSERT INTO bots (id, username) VALUES ($1, $2) ON CONFLICT DO NOTHING", BOTS.items()
        )
        async with bare(connection, _FILLED):
            await asyncio.gather(*(_run(url, statements) for statements in filling(size)))
            await connection.execute(UNSTAGING)
            say("indexing them and checking every reference")
        await connection.execute("VACUUM ANALYZE")
    say("filling the rollups: core.stats.rebuild")
    await _fill_rollups(url)
    async with connected(url) as connection:
        await connection.execute("VACUUM ANALYZE")


async def _run(url: str, statements: Sequence[str]) -> None:
    async with connected(url) as connection:
        await connection.execute("SET work_mem = '256MB'")
        await connection.execute("SET jit = off")
        for statement in statements:
            await connection.execute(statement)


async def _fill_rollups(url: str) -> None:
    database = Database(url)
    try:
        await rebuild(database)
    finally:
        await database.close()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
