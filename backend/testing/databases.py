"""Databases of tests: new ones, and such as are lent to one test after the other."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import make_url

from core.db.tables import metadata


@dataclass(frozen=True, slots=True)
class Server:
    #: of a database that is not touched
    url: str

    async def create(self, *, copy_of: str | None = None) -> str:
        """Gives the address of a new database: empty, or a copy of the one at an address."""
        url = make_url(self.url).set(database=f"test_{uuid.uuid4().hex[:12]}")
        # files instead of what the log would say: a seventh of the time for a small database
        copy = f'TEMPLATE "{_name_of(copy_of)}" STRATEGY FILE_COPY' if copy_of else ""
        await self._execute(f'CREATE DATABASE "{url.database}" {copy}')
        return url.render_as_string(hide_password=False)

    async def drop(self, url: str) -> None:
        await self._execute(f'DROP DATABASE IF EXISTS "{_name_of(url)}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        async with _connected(self.url) as connection:
            await connection.execute(statement)


class Shelf:
    """Copies of a template with tables and no rows; to empty one is quicker than to make one."""

    def __init__(self, server: Server, template: str) -> None:
        self._server = server
        self._template = template
        self._schema = ""
        self._free: list[str] = []

    async def take(self) -> str:
        """Gives an address."""
        if self._free:
            return self._free.pop()
        if not self._schema:
            async with _connected(self._template) as connection:
                self._schema = await connection.fetchval(_SCHEMA)
        return await self._server.create(copy_of=self._template)

    async def give_back(self, url: str) -> None:
        """Empty it; what has another schema now, or cannot be emptied, is dropped."""
        if await self._is_emptied(url):
            self._free.append(url)
        else:
            await self._server.drop(url)

    async def close(self) -> None:
        for url in self._free:
            await self._server.drop(url)

    async def _is_emptied(self, url: str) -> bool:
        try:
            async with _connected(url) as connection:
                await connection.execute(_END_OTHERS)
                if await connection.fetchval(_SCHEMA) != self._schema:
                    return False
                await _empty(connection)
                return True
        except (OSError, asyncpg.PostgresError):
            return False


def _name_of(url: str) -> str:
    name = make_url(url).database
    assert name
    return name


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[asyncpg.Connection]:
    plain = make_url(url).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


async def _empty(connection: asyncpg.Connection) -> None:
    used = {row["table"]: row["bytes"] for row in await connection.fetch(_USED)}
    if not used:
        return
    if sum(used.values()) > _MANY_BYTES:
        await connection.execute(f"TRUNCATE {', '.join(used)} CASCADE")
    else:  # TRUNCATE would make files anew
        children_first = reversed(metadata.sorted_tables)
        await connection.execute(
            "".join(f"DELETE FROM {one.name};" for one in children_first if one.name in used)  # noqa: S608 - our own tables
        )
    await connection.execute(_RESTART_SEQUENCES)


#: of tables together: from here on, new files take less time than to look at each row
_MANY_BYTES = 2**20
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
"""
# What a test may have changed for good. Each part has a version, the transaction that wrote it, and
# the parts of a copy have those of the original.
_SCHEMA = """
    SELECT string_agg(concat_ws(' ', kind, object, version), E'\\n' ORDER BY kind, object, version)
    FROM (
        SELECT 'relation' AS kind, oid::text AS object, concat(relname, relacl) AS version
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'column', concat(attrelid, '.', attnum), attribute.xmin::text
        FROM pg_attribute AS attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'constraint', oid::text, xmin::text FROM pg_constraint
        UNION ALL
        SELECT 'trigger', oid::text, xmin::text FROM pg_trigger
        UNION ALL
        SELECT 'function', oid::text, xmin::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'setting', setconfig::text, '' FROM pg_db_role_setting
        JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()
        UNION ALL
        SELECT 'migration', version_num, '' FROM alembic_version
    ) AS objects
"""
_USED = """
    SELECT relname AS table, pg_relation_size(oid) AS bytes FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
_RESTART_SEQUENCES = """
    SELECT setval(oid::regclass, 1, false) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
