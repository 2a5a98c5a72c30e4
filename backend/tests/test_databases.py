"""The databases that tests are lent: as new each time."""

import asyncpg
import pytest
from databases import Shelf
from sqlalchemy.engine import make_url


async def connect(url: str) -> asyncpg.Connection:
    plain = make_url(url).set(drivername="postgresql")
    return await asyncpg.connect(plain.render_as_string(hide_password=False))


async def change(url: str, *statements: str) -> None:
    connection = await connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


ONE_UPDATE = (
    "INSERT INTO bots (id, username) VALUES (42, 'parley_bot')",
    "INSERT INTO inbox (bot_id, update_id, identity, kind, raw) VALUES (42, 1, 'a', 'b', '{}')",
)


@pytest.mark.parametrize("people", [1, 20_000])
async def test_what_comes_back_has_no_rows_and_counts_from_one(shelf: Shelf, people: int) -> None:
    url = await shelf.take()
    many = "INSERT INTO users (bot_id, id, first_name) SELECT 42, n, 'Ann' FROM generate_series"
    await change(url, *ONE_UPDATE, f"{many} (1, {people}) AS n")
    await shelf.give_back(url)
    assert await shelf.take() == url
    connection = await connect(url)
    for table in ("bots", "inbox", "users"):
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
    for statement in ONE_UPDATE:
        await connection.execute(statement)
    assert await connection.fetchval("SELECT seq FROM inbox") == 1
    await connection.close()
    await shelf.give_back(url)


async def test_who_is_still_connected_is_not_waited_for(shelf: Shelf) -> None:
    url = await shelf.take()
    left = await connect(url)
    await left.execute("BEGIN; LOCK TABLE bots; INSERT INTO bots (id, username) VALUES (42, 'x')")
    await shelf.give_back(url)
    assert left.is_closed()
    assert await shelf.take() == url
    await shelf.give_back(url)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE turns DROP COLUMN release",
        "DROP INDEX ix_inbox_open",
        "ALTER TABLE users RENAME TO people",
        "REVOKE ALL ON users FROM current_user",
        "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET jit = off'; END $$",
        "UPDATE alembic_version SET version_num = 'of a newer one'",
    ],
)
async def test_what_has_another_schema_does_not_come_back(shelf: Shelf, statement: str) -> None:
    url = await shelf.take()
    await change(url, statement)
    await shelf.give_back(url)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(url)
