"""The document that a person takes along."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.chat import takeout
from core.db.session import Database

from .test_erasure import ANN, BOB, BOT_ID, GROUP, PRIVATE, Talk
from .test_erasure import talk as talk  # noqa: PLC0414 - a fixture


async def collected(database: Database, **limits: Any) -> dict[str, Any]:
    async with database.snapshot() as session:
        document = await takeout.collect(session, BOT_ID, ANN.id, **limits)
    found: dict[str, Any] = json.loads(document.content)
    return found


async def test_it_is_json_of_everything_newest_first(database: Database, talk: Talk) -> None:
    for number in range(3):
        await talk.ask(ANN, f"Question {number}", f"Answer {number}")
    await talk.ask(ANN, "In the group", "Also", GROUP)
    await talk.ask(BOB, "Of somebody else", "Theirs", GROUP)
    found = await collected(database)
    assert [turn["question"] for turn in found["questions"]] == [
        "In the group",
        "Question 2",
        "Question 1",
        "Question 0",
    ]
    assert {turn["chat"] for turn in found["questions"]} == {"private", "supergroup"}
    assert len(found["updates_as_telegram_sent_them"]) == 4
    assert found["you"]["username"] == "annimuster"
    assert "left_out_because_the_file_would_be_too_large" not in found


async def test_more_than_a_page_is_read_once_each(
    database: Database, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeout, "_PAGE", 2)
    for number in range(5):
        await talk.ask(ANN, f"Question {number}", "Answer")
    found = await collected(database)
    assert [turn["question"][-1] for turn in found["questions"]] == ["4", "3", "2", "1", "0"]


async def test_of_very_much_the_oldest_is_left_out_and_it_says_so(
    database: Database, talk: Talk
) -> None:
    for number in range(4):
        await talk.ask(ANN, f"Question {number} " + "x" * 1000, "Answer")
    found = await collected(database, max_bytes=3500)
    assert [turn["question"][:10] for turn in found["questions"]] == ["Question 3", "Question 2"]
    left_out = found["left_out_because_the_file_would_be_too_large"]
    assert left_out == {"questions": 2, "updates_as_telegram_sent_them": 4}


async def test_what_no_text_can_hold_stays_an_escape(database: Database, talk: Talk) -> None:
    await talk.begin(ANN, "zero \x00 and half \ud83d", PRIVATE)
    found = await collected(database)
    [update] = found["updates_as_telegram_sent_them"]
    assert update["message"]["text"] == "zero \x00 and half \ud83d"


async def test_who_is_not_known_gets_an_empty_document(database: Database) -> None:
    found = await collected(database)
    assert found["you"] == {"telegram_id": ANN.id}
    assert found["questions"] == []


async def test_there_is_a_pause_after_each(database: Database, talk: Talk) -> None:
    await talk.ask(ANN, "Question", "Answer")

    async def left() -> timedelta:
        async with database.read() as session:
            return await takeout.pause_left(session, BOT_ID, ANN.id)

    assert await left() == timedelta()
    async with database.write() as session:
        await takeout.note(session, BOT_ID, ANN.id)
    assert timedelta(minutes=59) < await left() <= timedelta(hours=1)
    async with database.write() as session:
        await session.execute(text("UPDATE users SET exported_at = now() - interval '1 hour'"))
    assert await left() == timedelta()
