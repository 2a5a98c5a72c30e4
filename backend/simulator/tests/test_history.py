"""The made-up history: the same each time, and in step with its marks."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import pytest

from core.chat.context import hash_prompt
from core.settings import Settings
from simulator.history.rows import Row, Rows
from simulator.history.story import Story

FRIDAY = datetime(2026, 11, 20, 15, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def rows() -> Rows:
    return Story(FRIDAY).tell()


def labels(turn: Row) -> dict[str, str]:
    return {"release": turn["release"], "prompt": turn["prompt_hash"][:8]}


def test_is_the_same_each_time(rows: Rows) -> None:
    assert Story(FRIDAY).tell() == rows


@pytest.mark.parametrize("days", range(7))
def test_lies_in_the_ninety_days_whichever_day_it_is(days: int) -> None:
    now = FRIDAY + timedelta(days=days)
    told = Story(now).tell()
    moments = [turn["created_at"] for turn in told.turns] + [mark["at"] for mark in told.marks]
    assert now - timedelta(days=91) <= min(moments)
    assert max(moments) < now
    week = [mark["kind"] for mark in told.marks if mark["at"] > now - timedelta(days=6)]
    assert "flood" in week


def test_marks_three_releases_two_changes_of_the_prompt_and_two_troubles(rows: Rows) -> None:
    counted = Counter(mark["kind"] for mark in rows.marks)
    assert counted == {"release": 3, "prompt": 1 + 2, "models": 3, "flood": 1, "breaker": 1}


@pytest.mark.parametrize("kind", ["release", "prompt"])
def test_turns_carry_what_was_marked_last(rows: Rows, kind: str) -> None:
    marks = sorted((mark["at"], mark["label"]) for mark in rows.marks if mark["kind"] == kind)
    for turn in rows.turns:
        [*_, (_, label)] = [mark for mark in marks if mark[0] <= turn["created_at"]]
        assert labels(turn)[kind] == label


def test_ends_with_what_the_bot_will_start_with(rows: Rows) -> None:
    """So that a demonstration does not begin with a change that nobody made."""
    newest = {mark["kind"]: mark["label"] for mark in rows.marks}
    assert newest["release"] == version("parley-bot")
    assert newest["prompt"] == hash_prompt(Settings().system_prompt)[:8]
    assert newest["models"] == "parley/demo-large → parley/demo-small"


def test_calls_are_what_their_turn_says_of_them(rows: Rows) -> None:
    calls = {
        turn["id"]: [one for one in rows.attempts if one["turn_id"] == turn["id"]]
        for turn in rows.turns[:300]
    }
    for turn in rows.turns[:300]:
        made = calls[turn["id"]]
        assert turn["attempts"] == len(made)
        assert turn["is_fallback"] is (len(made) > 1)
        answered = [one["target"] for one in made if one["outcome"] == "answered"]
        assert answered == ([turn["model_served"]] if turn["model_served"] else [])
        assert all(one["duration_ms"] <= turn["generation_ms"] for one in made)


def test_nothing_in_it_is_all_alike(rows: Rows) -> None:
    def different(column: str) -> set[object]:
        return {turn[column] for turn in rows.turns}

    assert different("verdict") >= {"answered", "answered_partial", "cancelled", "declined"}
    assert different("error_kind") >= {None, "only_text", "too_long", "all_targets_failed"}
    assert different("kind") >= {"text", "photo", "voice", "sticker", "document"}
    assert {"parley/demo-large", "parley/demo-small", "parley/demo-code"} <= different(
        "model_served"
    )
    assert len(different("language")) >= 6
    assert different("delivery_unknown") == different("is_fallback") == {True, False}
    assert different("likes") == different("dislikes") == {0, 1}
    assert "undeliverable" in different("state")
    assert any(turn["edited_at"] for turn in rows.turns)
    assert {dialog["chat_kind"] for dialog in rows.dialogs} == {"private", "supergroup"}
    errors = {call["error_kind"] for call in rows.attempts}
    assert errors >= {"rate_limited", "unavailable", "too_slow", "broken", "garbage", "declined"}
