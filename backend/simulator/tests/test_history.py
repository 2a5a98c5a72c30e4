"""The made-up history: the same each time, and in step with its marks."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import pairwise

import pytest

from core.chat.context import hash_prompt
from core.settings import Settings
from simulator.history.rows import Row, Rows
from simulator.history.story import Story

FRIDAY = datetime(2026, 11, 20, 15, 40, tzinfo=UTC)
START, DAY = datetime(2026, 8, 22, tzinfo=UTC), timedelta(days=1)


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
    calls = defaultdict(list)
    for one in rows.attempts:
        calls[one["turn_id"]].append(one)
    for turn in rows.turns:
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


def by_chat(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["chat_id"]].append(row)
    return found


class TestPeople:
    def test_join_in_every_week_and_more_of_them_on_weekdays(self, rows: Rows) -> None:
        weeks = Counter((person["created_at"] - START).days // 7 for person in rows.users)
        assert min(weeks[week] for week in range(12)) >= 8
        assert sum(weeks[week] for week in range(9, 13)) > 1.3 * sum(weeks[w] for w in range(2, 6))
        ends = sum(person["created_at"].weekday() > 4 for person in rows.users)
        assert 0 < ends < len(rows.users) / 5

    def test_join_with_their_first_question(self, rows: Rows) -> None:
        first: dict[int, datetime] = {}
        for turn in rows.turns:
            first.setdefault(turn["user_id"], turn["created_at"])
        assert {person["id"]: person["created_at"] for person in rows.users} == first

    def test_leave_and_some_come_back(self, rows: Rows) -> None:
        days = defaultdict(list)
        for turn in rows.turns:
            days[turn["user_id"]].append(turn["created_at"])
        away = sum(
            max(b - a for a, b in pairwise([*of, of[-1]])) > 10 * DAY for of in days.values()
        )
        gone = sum(of[-1] < FRIDAY - 14 * DAY for of in days.values())
        assert away > len(days) / 10
        assert len(days) / 4 < gone < len(days) * 3 / 4

    def test_write_more_and_more_and_up_to_the_present_hour(self, rows: Rows) -> None:
        weeks = Counter((turn["created_at"] - START).days // 7 for turn in rows.turns)
        assert weeks[12] > 2 * weeks[4] > 2 * weeks[1]
        assert FRIDAY - timedelta(hours=1) < rows.turns[-1]["created_at"] < FRIDAY
        days = Counter(turn["created_at"].date() for turn in rows.turns)
        assert len(days) == 91

    @pytest.mark.parametrize("hour", [0, 3, 4, 11, 23])
    def test_are_there_at_any_hour(self, hour: int) -> None:
        now = FRIDAY.replace(hour=hour)
        assert Story(now).tell().turns[-1]["created_at"] > now - timedelta(hours=2)


class TestDialogs:
    def test_are_several_of_most_who_stay(self, rows: Rows) -> None:
        chats = by_chat(rows.dialogs)
        turns = by_chat(rows.turns)
        several = [len(chats[chat]) for chat in chats if len(turns[chat]) >= 10]
        assert len(several) > 100
        assert sum(count > 1 for count in several) > 0.9 * len(several)

    def test_follow_each_other_and_the_last_is_open(self, rows: Rows) -> None:
        for dialogs in by_chat(rows.dialogs).values():
            closed = [dialog["closed_at"] for dialog in dialogs]
            assert closed == [*(dialog["created_at"] for dialog in dialogs[1:]), None]

    def test_hold_what_was_asked_in_their_time(self, rows: Rows) -> None:
        dialogs = {dialog["id"]: dialog for dialog in rows.dialogs}
        opened = set()
        for turn in rows.turns:
            dialog = dialogs[turn["dialog_id"]]
            assert dialog["created_at"] <= turn["created_at"]
            assert dialog["closed_at"] is None or turn["created_at"] < dialog["closed_at"]
            assert turn["opens_dialog"] is (turn["dialog_id"] not in opened)
            opened.add(turn["dialog_id"])

    def test_of_groups_are_shared(self, rows: Rows) -> None:
        groups = {chat: of for chat, of in by_chat(rows.turns).items() if chat < 0}
        assert len(groups) == 3
        assert all(len({turn["user_id"] for turn in of}) >= 3 for of in groups.values())
