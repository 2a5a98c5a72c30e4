"""The benchmark of statistics at a small size: the history it makes, and what it compares."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from core.db import migrate
from local.bench_stats import answers, history, store
from local.bench_stats.history import DAYS, Size
from local.bench_stats.run import Options, run

SMALL = Size(messages=4_000, people=80, seed=3, end=datetime(2026, 11, 20, 15, 30, tzinfo=UTC))

FINGERPRINTS = """
    SELECT 'turns' AS name, md5(string_agg(turn::text, '|' ORDER BY id)) AS digest
    FROM turns AS turn
    UNION ALL
    SELECT 'messages', md5(string_agg(one::text, '|' ORDER BY id)) FROM messages AS one
    UNION ALL
    SELECT 'attempts', md5(string_agg(call::text, '|' ORDER BY id)) FROM llm_attempts AS call
    UNION ALL
    SELECT 'dialogs', md5(string_agg(dialog::text, '|' ORDER BY id)) FROM dialogs AS dialog
    UNION ALL
    SELECT 'users', md5(string_agg(person::text, '|' ORDER BY bot_id, id)) FROM users AS person
"""
FACTS = """
    SELECT (SELECT count(*) FROM turns) AS turns, (SELECT count(*) FROM users) AS people,
           (SELECT min(created_at) FROM turns) AS first,
           (SELECT max(created_at) FROM turns) AS last,
           (SELECT count(*) FROM turns WHERE attempts <>
               (SELECT count(*) FROM llm_attempts WHERE turn_id = turns.id)) AS miscounted,
           (SELECT count(*) FROM turns WHERE wasted_micros <> coalesce((
               SELECT sum(cost_micros) FROM llm_attempts
               WHERE turn_id = turns.id AND outcome = 'failed'), 0)) AS misbilled,
           (SELECT count(*) FROM turns WHERE answer_length <> coalesce((
               SELECT content_length FROM messages WHERE id = answer_id), 0)) AS mismeasured,
           (SELECT count(*) FROM messages WHERE length(content) <> content_length) AS cut
"""


@pytest.fixture
def no_rollups(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history alone is looked at."""

    async def nothing(_: str) -> None:
        pass

    monkeypatch.setattr(store, "_fill_rollups", nothing)


async def build(url: str, size: Size) -> asyncpg.Record:
    await store.prepare(url, size, lambda _: None)
    async with store.connected(url) as connection:
        return await connection.fetchrow(FACTS)


async def fingerprints(url: str) -> dict[str, str]:
    async with store.connected(url) as connection:
        return {row["name"]: row["digest"] for row in await connection.fetch(FINGERPRINTS)}


async def test_the_same_seed_and_end_give_the_same_history(
    empty_database_url: str, no_rollups: None
) -> None:
    url = empty_database_url
    facts = await build(url, SMALL)
    assert facts["turns"] == SMALL.turns
    assert facts["people"] == SMALL.people
    assert SMALL.end - timedelta(days=DAYS) < facts["first"] < facts["last"] < SMALL.end
    assert (facts["miscounted"], facts["misbilled"], facts["mismeasured"]) == (0, 0, 0)
    assert facts["cut"] == 0
    await migrate.check(url)  # indexes and constraints are back
    first = await fingerprints(url)

    other = Size(messages=SMALL.messages, people=SMALL.people, seed=4, end=SMALL.end)
    await build(url, other)
    assert not set(first.items()) & set((await fingerprints(url)).items())

    await build(url, SMALL)
    assert await fingerprints(url) == first


async def test_what_was_built_is_used_again_while_it_is_fresh(
    empty_database_url: str, no_rollups: None
) -> None:
    await build(empty_database_url, SMALL)
    lines: list[str] = []
    later = Size(messages=4_000, people=80, seed=3, end=SMALL.end + timedelta(hours=1))
    assert await store.prepare(empty_database_url, later, lines.append) == SMALL
    assert ["found as it was left" in line for line in lines] == [True]
    stale = Size(messages=4_000, people=80, seed=3, end=SMALL.end + timedelta(days=2))
    assert await store.prepare(empty_database_url, stale, lines.append) == stale


@pytest.mark.parametrize(
    ("days", "messages"),
    [(32, 2_000), pytest.param(history.DAYS, 20_000, marks=pytest.mark.heavy)],
)
def test_api_raw_rows_and_other_engines_agree(
    monkeypatch: pytest.MonkeyPatch, days: int, messages: int
) -> None:
    monkeypatch.setattr(history, "DAYS", days)
    lines: list[str] = []
    people = messages // 50
    options = Options(
        messages=messages, people=people, seed=1, rate=0, requests=3, runs=1, keep=None
    )
    report = run(options, lines.append, now=store.now())
    assert report.disagreements == []
    assert report.compared >= 3  # three periods, by as many engines as there are
    assert [line.period for line in report.lines] == ["day", "week", "month"]
    assert lines[-1].endswith("all equal")


def test_a_wrong_number_is_named() -> None:
    body = {
        "summary": {"current": {"messages": 3, "questions": 2, "answers": 1, "dialogs": 1}},
        "activity": [],
        "top_users": {"users": []},
    }
    found: dict[str, list[tuple[int, ...]]] = {
        "summary": [(2, 1, 30, 1, 20, 10, 0, 1)],
        "activity": [],
        "top_users": [],
    }
    told = list(answers.differences(body, found, lambda _: {}))
    assert told == [
        "summary, tokens: None, found 20",
        "summary, cost: None, found 10",
        "summary, answer_length: None, found 30.0",
        "summary, active_users: None, found 1",
    ]
