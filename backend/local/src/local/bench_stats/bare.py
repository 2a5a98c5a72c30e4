"""Tables without indexes and constraints for as long as they are filled."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg


@asynccontextmanager
async def bare(connection: asyncpg.Connection, tables: tuple[str, ...]) -> AsyncGenerator[None]:
    """Takes indexes and constraints off, and puts the same ones back, which checks every row."""
    named = list(tables)
    constraints = await connection.fetch(_CONSTRAINTS, named)
    for row in sorted(constraints, key=lambda row: row["contype"] != b"f"):
        await connection.execute(f'ALTER TABLE {row["table"]} DROP CONSTRAINT "{row["name"]}"')
    indexes = await connection.fetch(_INDEXES, named)
    for row in indexes:
        await connection.execute(f'DROP INDEX "{row["name"]}"')
    yield
    await connection.execute("SET maintenance_work_mem = '512MB'")
    for row in indexes:
        await connection.execute(row["definition"])
    for row in sorted(constraints, key=lambda row: row["contype"] == b"f"):
        await connection.execute(
            f'ALTER TABLE {row["table"]} ADD CONSTRAINT "{row["name"]}" {row["definition"]}'
        )


# foreign keys that point at the tables go as well: they rest on the keys
_CONSTRAINTS = """
    SELECT conrelid::regclass::text AS table, conname AS name, contype,
           pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f')
      AND (conrelid = ANY($1::regclass[]) OR confrelid = ANY($1::regclass[]))
"""
_INDEXES = """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index WHERE indrelid = ANY($1::regclass[])
"""
