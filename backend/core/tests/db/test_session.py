"""Connections: what is committed, and what is said when the database is away."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from core.db.ids import new_id
from core.db.session import Database, is_away
from core.errors import StartupError


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    async def fail_halfway() -> None:
        async with database.write() as session:
            await session.execute(text("UPDATE bots SET username = 'changed'"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()
    async with database.read() as session:
        assert (await session.execute(text("SELECT username FROM bots"))).scalar() == "parley_bot"


async def test_a_database_that_answers_is_reachable(database: Database) -> None:
    await database.require_reachable()
    assert database.connections_in_use == 0
    assert database.connections_allowed == 20


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://someone:hunter2@127.0.0.1:9/parley",
        "postgresql+asyncpg://someone:hunter2@no-such-host.invalid/parley",
    ],
)
async def test_one_that_is_away_is_named_without_its_password(url: str) -> None:
    database = Database(url)
    with pytest.raises(StartupError, match="DATABASE_URL") as caught:
        await database.require_reachable()
    assert "hunter2" not in str(caught.value)
    await database.close()


async def test_a_database_that_is_not_there_is_said_so(database_url: str) -> None:
    database = Database(database_url + "_elsewhere")
    with pytest.raises(StartupError, match="no such database"):
        await database.require_reachable()
    await database.close()


def test_ids_are_version_7_and_of_their_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in ids)
    assert ids[0].int >> 80 <= ids[-1].int >> 80


class Refused(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), True),
        (DBAPIError("SELECT 1", None, Refused("57P03")), True),
        (DBAPIError("SELECT 1", None, Refused("53300")), True),
        (DBAPIError("SELECT 1", None, Refused("08006")), True),
        (DBAPIError("SELECT 1", None, Exception(), connection_invalidated=True), True),
        (OperationalError("SELECT 1", None, Exception()), True),
        (DBAPIError("SELECT 1", None, Refused("57014")), False),
        (DBAPIError("SELECT 1", None, Refused("40P01")), False),
        (DBAPIError("SELECT 1", None, Exception()), False),
        (FileNotFoundError(), False),
        (ValueError(), False),
    ],
)
def test_whether_the_database_is_away(error: Exception, expected: bool) -> None:  # noqa: FBT001 - a case of the table
    assert is_away(error) is expected
