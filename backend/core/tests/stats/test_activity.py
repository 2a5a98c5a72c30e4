"""A real community's three months as history: the rollups give the numbers that plain SQL gives."""

import asyncio
import csv
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from sqlalchemy import make_url, text

from core.db.session import Database
from core.stats.calendar import DAY, Size, Span, buckets
from core.stats.metrics import METRICS
from core.stats.query import Clock, breakdown, measure
from core.stats.rebuild import rebuild
from core.stats.sources import Filters

from . import naive

BOT_ID = 42
BERLIN = ZoneInfo("Europe/Berlin")
MARCH_TO_MAY = Span(datetime(2016, 2, 29, 23, tzinfo=UTC), datetime(2016, 6, 1, tzinfo=UTC))
CLOCK = Clock(zone=BERLIN, now=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def filled(module_database_url: str, shared_data: Path) -> Generator[asyncio.Runner]:
    """Each event is a question that was answered at once."""
    with (shared_data / "activity.csv").open(newline="") as file:
        events = list(csv.DictReader(file))
    with asyncio.Runner() as runner:
        runner.run(_fill(module_database_url, events))
        yield runner


async def _fill(url: str, events: list[dict[str, str]]) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        for table, columns, rows in _rows(events):
            await connection.copy_records_to_table(table, records=rows, columns=columns)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    database = Database(url)
    outcome = await rebuild(database)
    await database.close()
    assert outcome.differences > 0


def _rows(events: list[dict[str, str]]) -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    moments = [datetime.fromisoformat(event["timestamp"]) for event in events]
    people = {int(event["user_id"]) for event in events}
    dialogs = {int(event["chat_id"]): uuid4() for event in events}
    questions, turns = [], []
    for number, (event, moment) in enumerate(zip(events, moments, strict=True)):
        user, chat, length = int(event["user_id"]), int(event["chat_id"]), int(event["length"])
        question = uuid4()
        questions.append(
            (question, BOT_ID, dialogs[chat], chat, user, "user", number, "x", length, moment)
        )
        turns.append(
            (uuid4(), BOT_ID, dialogs[chat], question, user, chat, 0, "answered", "answered", 1,
             "test", length, moment)
        )  # fmt: skip
    return [
        ("bots", ["id", "username"], [(BOT_ID, "parley_bot")]),
        ("users", ["bot_id", "id", "first_name"], [(BOT_ID, user, "Ann") for user in people]),
        (
            "dialogs",
            ["id", "bot_id", "chat_id", "thread_id", "chat_kind"],
            [(key, BOT_ID, chat, 0, "private") for chat, key in dialogs.items()],
        ),
        (
            "messages",
            ["id", "bot_id", "dialog_id", "chat_id", "user_id", "role", "telegram_message_id",
             "content", "content_length", "created_at"],
            questions,
        ),
        (
            "turns",
            ["id", "bot_id", "dialog_id", "question_id", "user_id", "chat_id", "thread_id",
             "state", "verdict", "draft_id", "release", "question_length", "created_at"],
            turns,
        ),
    ]  # fmt: skip


def test_every_week_of_a_real_history_agrees(
    filled: asyncio.Runner, module_database_url: str
) -> None:
    async def compare() -> None:
        database = Database(module_database_url)
        async with database.read() as session:
            weeks = list(buckets(MARCH_TO_MAY, Size.WEEK, BERLIN))
            spans = [MARCH_TO_MAY, *weeks]
            slugs = ["questions", "question_length", *naive_people()]
            metrics = [METRICS[slug] for slug in slugs]
            for span, found in zip(
                spans, await measure(session, metrics, spans, Filters(), CLOCK), strict=True
            ):
                for slug in ("questions", "question_length"):
                    truth = await naive.aggregate(session, slug, span, Filters())
                    assert found[slug] == pytest.approx(truth)
                for slug in naive_people():
                    assert found[slug] == await naive.people(session, slug, span, Filters(), BERLIN)
        await database.close()

    filled.run(compare())


def test_the_heat_map_of_a_real_history_agrees(
    filled: asyncio.Runner, module_database_url: str
) -> None:
    async def compare() -> None:
        database = Database(module_database_url)
        async with database.read() as session:
            found = await breakdown(
                session,
                [METRICS["questions"]],
                MARCH_TO_MAY,
                by="hour_of_week",
                filters=Filters(),
                clock=CLOCK,
            )
            rows = await session.execute(
                text(
                    "SELECT to_char(created_at AT TIME ZONE 'Europe/Berlin', 'ID-HH24'), count(*) "
                    "FROM turns GROUP BY 1"
                )
            )
            assert {part.key: part.values["questions"] for part in found} == {
                str(hour): count for hour, count in rows
            }
            assert sum(int(part.values["questions"] or 0) for part in found) == 60_123
        await database.close()

    filled.run(compare())


def test_rebuilding_a_real_history_again_changes_nothing(
    filled: asyncio.Runner, module_database_url: str
) -> None:
    async def again() -> None:
        database = Database(module_database_url)
        start = datetime(2016, 3, 20, tzinfo=UTC)
        outcome = await rebuild(database, start, start + 14 * DAY)
        await database.close()
        assert (outcome.days, outcome.differences) == (14, 0)

    filled.run(again())


def naive_people() -> list[str]:
    return ["active_users", "new_users", "returning_users", "resurrected_users", "retention"]
