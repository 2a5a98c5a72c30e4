"""GET /stats/marks: what charts draw beside the numbers."""

from datetime import timedelta

import pytest

from core.db.session import Database
from core.stats import marks
from core.stats.marks import Setup

from .conftest import Get, Query

SETUP = Setup(release="0.1.0", prompt_hash="0f1e2d3c" + "0" * 56, models=("large", "small"))
WINDOW = {"from_": "2026-10-20", "to": "2026-10-27", "tz": "Europe/Berlin"}


@pytest.fixture(autouse=True)
async def marked(query: Query, database: Database) -> None:
    """A bot that started, later met a flood, and long after that started anew; and another bot."""
    await query("INSERT INTO bots (id, username) VALUES (42, ''), (43, '') ON CONFLICT DO NOTHING")
    async with database.write() as session:
        await marks.note_setup(session, 42, SETUP)
    await query("UPDATE stats_marks SET at = '2026-10-22T08:00:00Z'")
    async with database.write() as session:
        await marks.note_flood(session, 42, timedelta(seconds=30))
        await marks.note_setup(session, 43, SETUP)
    await query("UPDATE stats_marks SET at = '2026-10-25T00:30:00Z' WHERE at > '2026-11-01'")


async def test_are_those_of_the_window_the_oldest_first(own: Get) -> None:
    body = await own("/stats/marks", **WINDOW, bot=42)
    *started, flood = [(mark["kind"], mark["label"]) for mark in body["marks"]]
    assert sorted(started) == [
        ("models", "large → small"),
        ("prompt", "0f1e2d3c"),
        ("release", "0.1.0"),
    ]
    assert flood == ("flood", "Telegram asked to wait 30 s")
    assert body["marks"][0]["at"] == "2026-10-22T08:00:00Z"
    assert body["window"]["start"] == "2026-10-20T00:00:00+02:00"


async def test_are_of_all_bots_or_of_one(own: Get) -> None:
    assert len((await own("/stats/marks", **WINDOW))["marks"]) == 7
    marks_of_one = (await own("/stats/marks", **WINDOW, bot=43))["marks"]
    assert {mark["bot_id"] for mark in marks_of_one} == {43}
    assert (await own("/stats/marks", **WINDOW, bot=44))["marks"] == []


async def test_end_where_the_window_does(own: Get) -> None:
    early = {"from_": "2026-10-22T08:00:00Z", "to": "2026-10-22T09:00:00Z"}
    assert len((await own("/stats/marks", **early))["marks"]) == 3
    earlier = {"from_": "2026-10-22T07:00:00Z", "to": "2026-10-22T08:00:00Z"}
    assert (await own("/stats/marks", **earlier))["marks"] == []


async def test_say_nothing_of_the_prompt_but_its_hash(own: Get) -> None:
    body = await own("/stats/marks", **WINDOW)
    assert {name for mark in body["marks"] for name in mark} == {"at", "kind", "label", "bot_id"}
