"""What is old enough goes, and no number with it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from core.db.session import Database
from core.retention import Kept, sweep
from core.stats.rebuild import rebuild

from .stats.histories import START, Teller, Told, _visit

KEPT = Kept(raw_updates=timedelta(days=7), audit_log=timedelta(days=90))
_FILL = (
    """
    INSERT INTO inbox (bot_id, update_id, identity, kind, raw, state, received_at)
    SELECT 42, n, n, 'message', '{}', state, now() - days * interval '1 day'
    FROM (VALUES (1, 'done', 8), (2, 'dead', 8), (3, 'pending', 8), (4, 'running', 8),
                 (5, 'done', 6), (6, 'dead', 6)) AS updates (n, state, days)
    """,
    """
    INSERT INTO outbox (id, bot_id, chat_id, thread_id, part, is_last, content, entities, state,
                        created_at)
    SELECT gen_random_uuid(), 42, n, 0, n, true, n, '[]', state, now() - days * interval '1 day'
    FROM (VALUES (1, 'sent', 8), (2, 'undeliverable', 8), (3, 'pending', 8), (4, 'sent', 6))
         AS parts (n, state, days)
    """,
    """
    INSERT INTO closed_chats (bot_id, chat_id, closed_at, reason)
    SELECT 42, n, now() - days * interval '1 day', 'blocked'
    FROM (VALUES (1, 8), (2, 6)) AS chats (n, days)
    """,
    """
    INSERT INTO audit_log (id, at, action, subject, details)
    SELECT gen_random_uuid(), now() - days * interval '1 day', 'signed_in', days, '{}'
    FROM (VALUES (91), (89), (0)) AS entries (days)
    """,
)


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write() as session:
        for statement in _FILL:
            await session.execute(text(statement))
    return database


async def values(database: Database, query: str) -> list[object]:
    async with database.read() as session:
        return list((await session.execute(text(query))).scalars())


async def test_what_is_open_or_young_stays(filled: Database) -> None:
    swept = {"inbox": 2, "outbox": 2, "closed_chats": 1, "audit_log": 1}
    assert await sweep(filled, KEPT) == swept
    assert await values(filled, "SELECT chat_id FROM closed_chats") == [2]
    assert await values(filled, "SELECT update_id FROM inbox ORDER BY 1") == [3, 4, 5, 6]
    assert await values(filled, "SELECT content FROM outbox ORDER BY 1") == ["3", "4"]
    assert await values(filled, "SELECT subject FROM audit_log ORDER BY 1") == ["0", "89"]
    assert await sweep(filled, KEPT) == {}


async def test_it_goes_in_small_steps(filled: Database) -> None:
    swept = {"inbox": 2, "outbox": 2, "closed_chats": 1, "audit_log": 1}
    assert await sweep(filled, KEPT, batch=1) == swept


async def test_one_sweeps_at_a_time(filled: Database) -> None:
    async with filled.write() as session:
        lock = text("SELECT pg_advisory_xact_lock(hashtext('parley.retention'))")
        await session.execute(lock)
        assert await sweep(filled, KEPT) == {}
    assert await sweep(filled, KEPT) != {}


async def test_parts_of_answers_and_numbers_stay(database: Database) -> None:
    history: list[Told] = [_visit(42, n % 5 + 1, START + n * timedelta(hours=7)) for n in range(20)]
    async with database.write() as session:
        await Teller(session).tell(history)
        await session.execute(
            text(
                "INSERT INTO outbox (id, bot_id, chat_id, thread_id, turn_id, part, is_last, "
                "content, entities, state, created_at) SELECT gen_random_uuid(), bot_id, chat_id, "
                "0, id, 0, true, 'y', '[]', 'sent', created_at FROM turns"
            )
        )
    tiny = Kept(raw_updates=timedelta(seconds=0), audit_log=timedelta(seconds=0))
    assert await sweep(database, tiny) == {}
    assert (await rebuild(database)).examples == []
    assert await values(database, "SELECT count(*) FROM outbox") == [20]
