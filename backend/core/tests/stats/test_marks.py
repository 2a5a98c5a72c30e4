"""Marks: what is noted, what is not noted twice, and what a window shows."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from core.db import migrate
from core.db.ids import new_id
from core.db.session import Database
from core.db.tables import bots, stats_marks
from core.stats import marks
from core.stats.calendar import Span
from core.stats.marks import Setup

BOT, OTHER = 42, 43
BEFORE_MARKS = "b756ec7473a5"
HASH = "0f1e2d3c" + "0" * 56


def setup(release: str = "0.1.0", prompt: str = HASH, models: Iterable[str] = ("a", "b")) -> Setup:
    return Setup(release=release, prompt_hash=prompt, models=tuple(models))


@pytest.fixture
async def database(database: Database) -> Database:
    async with database.write() as session:
        await session.execute(insert(bots), {"id": OTHER, "username": "other_bot"})
    return database


async def start(database: Database, given: Setup, bot: int = BOT) -> None:
    async with database.write() as session:
        await marks.note_setup(session, bot, given)


async def flood(database: Database, seconds: float, bot: int = BOT) -> None:
    async with database.write() as session:
        await marks.note_flood(session, bot, timedelta(seconds=seconds))


async def noted(database: Database, bot: int = BOT) -> list[tuple[str, str]]:
    statement = text("SELECT kind, label FROM stats_marks WHERE bot_id = :bot ORDER BY at, id")
    async with database.read() as session:
        return [(row.kind, row.label) for row in await session.execute(statement, {"bot": bot})]


async def change(database: Database, statement: str) -> None:
    async with database.write() as session:
        await session.execute(text(statement))


class TestSetups:
    async def test_are_noted_at_the_first_start(self, database: Database) -> None:
        await start(database, setup())
        assert await noted(database) == [
            ("release", "0.1.0"),
            ("prompt", "0f1e2d3c"),
            ("models", "a → b"),
        ]

    async def test_are_noted_again_only_where_they_changed(self, database: Database) -> None:
        await start(database, setup())
        await start(database, setup())
        await start(database, setup(release="0.2.0"))
        await start(database, setup(release="0.2.0", models=["b", "a"]))
        assert (await noted(database))[3:] == [("release", "0.2.0"), ("models", "b → a")]

    async def test_that_return_are_noted(self, database: Database) -> None:
        for release in ("0.1.0", "0.2.0", "0.1.0"):
            await start(database, setup(release=release))
        releases = [label for kind, label in await noted(database) if kind == "release"]
        assert releases == ["0.1.0", "0.2.0", "0.1.0"]

    async def test_are_each_bots_own(self, database: Database) -> None:
        await start(database, setup())
        await start(database, setup(), bot=OTHER)
        assert len(await noted(database)) == len(await noted(database, OTHER)) == 3

    async def test_are_noted_once_when_many_processes_start(self, database: Database) -> None:
        await asyncio.gather(*(start(database, setup()) for _ in range(12)))
        assert len(await noted(database)) == 3


class TestFloods:
    async def test_are_noted_with_the_wait(self, database: Database) -> None:
        await flood(database, 12.4)
        assert await noted(database) == [("flood", "Telegram asked to wait 12 s")]

    async def test_are_noted_once_in_ten_minutes(self, database: Database) -> None:
        await asyncio.gather(*(flood(database, 5) for _ in range(5)))
        assert len(await noted(database)) == 1
        await flood(database, 5, OTHER)
        assert len(await noted(database, OTHER)) == 1
        await change(database, "UPDATE stats_marks SET at = at - interval '601 seconds'")
        await flood(database, 5)
        assert len(await noted(database)) == 2


class TestWindows:
    async def test_show_what_is_inside_the_oldest_first(self, database: Database) -> None:
        await self.write(database, [(0, BOT, "out"), (1, BOT, "a"), (2, OTHER, "b"), (3, BOT, "c")])
        async with database.read() as session:
            found = await marks.marks(session, Span(self.day(1), self.day(3)))
            of_one = await marks.marks(session, Span(self.day(0), self.day(4)), OTHER)
        assert [(mark.at, mark.label) for mark in found] == [(self.day(1), "a"), (self.day(2), "b")]
        assert [mark.label for mark in of_one] == ["b"]

    async def test_of_too_many_show_the_newest(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(marks, "MAX_MARKS", 2)
        await self.write(database, [(number, BOT, f"{number}") for number in range(4)])
        async with database.read() as session:
            found = await marks.marks(session, Span(self.day(0), self.day(4)))
        assert [mark.label for mark in found] == ["2", "3"]

    def day(self, number: int) -> datetime:
        return datetime(2026, 10, 20, tzinfo=UTC) + timedelta(days=number)

    async def write(self, database: Database, told: Iterable[tuple[int, int, str]]) -> None:
        rows: list[dict[str, Any]] = [
            {
                "id": new_id(),
                "bot_id": bot,
                "at": self.day(day),
                "kind": "release",
                "label": label,
            }
            for day, bot, label in told
        ]
        async with database.write() as session:
            await session.execute(insert(stats_marks), rows)


async def test_the_migration_marks_what_turns_carry(empty_database_url: str) -> None:
    await migrate.upgrade(empty_database_url, BEFORE_MARKS)
    database = Database(empty_database_url)
    for statement in OLD_TURNS:
        await change(database, statement)
    await migrate.upgrade(empty_database_url)
    assert await noted(database) == [
        ("release", "0.0.1"),
        ("models", "large"),
        ("release", "0.0.2"),
        ("prompt", "0f1e2d3c"),
    ]
    await database.close()


OLD_TURNS = (
    "INSERT INTO bots (id, username) VALUES (42, 'parley_bot')",
    """
    INSERT INTO dialogs (id, bot_id, chat_id, thread_id, chat_kind)
    VALUES (gen_random_uuid(), 42, 7, 0, 'private')
    """,
    f"""
    WITH told AS MATERIALIZED (
        SELECT gen_random_uuid() AS question_id, gen_random_uuid() AS turn_id, dialogs.id, told.*
        FROM dialogs, (VALUES
            ('0.0.2', 'large', '{HASH}', '2026-10-21T10:00Z'),
            ('0.0.1', 'large', NULL, '2026-10-20T10:00Z'),
            ('0.0.1', NULL, NULL, '2026-10-20T08:30Z'),
            ('0.0.1', 'large', NULL, '2026-10-20T09:00Z'),
            ('0.0.2', 'large', '{HASH}', '2026-10-21T11:00Z'),
            ('0.0.2', 'large', NULL, '2026-10-21T09:00Z')
        ) AS told (release, asked, hash, at)
    ), questions AS (
        INSERT INTO messages (id, bot_id, dialog_id, chat_id, role, content, content_length)
        SELECT question_id, 42, id, 7, 'user', 'Why?', 4 FROM told
    )
    INSERT INTO turns (id, bot_id, dialog_id, question_id, user_id, chat_id, thread_id, state,
                       draft_id, release, model_asked, prompt_hash, created_at)
    SELECT turn_id, 42, id, question_id, 7, 7, 0, 'answered', 1, release, asked, hash,
           CAST(at AS timestamptz)
    FROM told
    """,
)
