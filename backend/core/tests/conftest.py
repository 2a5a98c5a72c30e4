"""A database with the schema, and a few steps that tests of the message's path share."""

from collections.abc import AsyncGenerator

import pytest
from sqlalchemy import insert

from core.db.session import Database
from core.db.tables import bots

BOT_ID = 42


@pytest.fixture
async def database(database_url: str) -> AsyncGenerator[Database]:
    database = Database(database_url)
    async with database.write() as session:
        await session.execute(insert(bots), {"id": BOT_ID, "username": "parley_bot"})
    yield database
    await database.close()
