"""GET /system: how the product runs just now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

import pytest

from core import processes
from core.db.session import Database
from core.processes import Process

from .conftest import Get, Query, Serving, Tell
from .golden import ANN, BEN, CID, GOLDEN, Told

NOW = datetime.now(UTC).replace(microsecond=0)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


class TestBots:
    async def test_tell_when_they_were_last_asked_and_answered(self, own: Get, tell: Tell) -> None:
        await tell(
            (
                Told(at=ago(minutes=9), who=ANN, dialog="A", length=5),
                Told(at=ago(minutes=5), who=BEN, dialog="B", outcome="declined"),
                Told(at=ago(days=2), who=CID, dialog="C", outcome="declined"),
            )
        )
        first, second = (await own("/system"))["bots"]
        assert (first["id"], first["username"]) == (42, "bot42")
        assert moment(first["last_question_at"]) == ago(minutes=5)
        assert moment(first["last_answer_delivered_at"]) == ago(minutes=9)
        assert moment(second["last_question_at"]) == ago(days=2)
        assert second["last_answer_delivered_at"] is None

    async def test_do_not_count_what_could_not_be_delivered(
        self, own: Get, tell: Tell, query: Query
    ) -> None:
        await tell([replace(GOLDEN[0], at=ago(minutes=3))])
        await query("UPDATE turns SET state = 'undeliverable'")
        [bot] = (await own("/system"))["bots"]
        assert bot["last_answer_delivered_at"] is None


class TestProcesses:
    async def test_are_alive_for_three_heartbeats(
        self, own: Get, tell: Tell, database: Database, query: Query
    ) -> None:
        await tell(GOLDEN)
        for name in ("alive", "late", "dead"):
            async with database.write() as session:
                process = Process(bot_id=42, release=name, host="here", pid=7)
                await processes.beat(session, process)
        await query(
            "UPDATE bot_processes SET seen_at = now() - CASE release WHEN 'alive' THEN "
            "interval '0' WHEN 'late' THEN interval '25 seconds' ELSE interval '31 seconds' END"
        )
        shown = (await own("/system"))["processes"]
        assert {one["release"]: one["is_alive"] for one in shown} == {
            "alive": True,
            "late": True,
            "dead": False,
        }
        assert (shown[0]["host"], shown[0]["pid"], shown[0]["bot_id"]) == ("here", 7, 42)


class TestQueues:
    async def test_are_empty_at_first(self, own: Get) -> None:
        body = await own("/system")
        assert body["queue"] == {
            "waiting": 0,
            "running": 0,
            "oldest_waiting_seconds": None,
            "dead": 0,
        }
        assert body["outbox"] == {
            "pending": 0,
            "oldest_pending_seconds": None,
            "unknown_24h": 0,
        }

    async def test_tell_what_waits_and_since_when(self, own: Get, tell: Tell, query: Query) -> None:
        await tell(GOLDEN)
        await query(
            """
            INSERT INTO inbox (bot_id, update_id, identity, lane, kind, raw, state, received_at)
            SELECT 42, n, '', n::text, 'message', '{}', state, now() - n * interval '10 seconds'
            FROM (VALUES (1, 'pending'), (2, 'pending'), (3, 'running'), (4, 'dead'), (5, 'done'))
                 AS told (n, state)
            """
        )
        queue = (await own("/system"))["queue"]
        assert 20 <= queue.pop("oldest_waiting_seconds") < 80
        assert queue == {"waiting": 2, "running": 1, "dead": 1}

    async def test_tell_what_was_not_sent_yet(self, own: Get, tell: Tell, query: Query) -> None:
        await tell(GOLDEN)
        await query(
            """
            INSERT INTO outbox (id, bot_id, chat_id, thread_id, part, is_last, content, entities,
                                state, created_at)
            SELECT gen_random_uuid(), 42, n, 0, 0, true, '', '[]', state,
                   now() - n * interval '10 seconds'
            FROM (VALUES (1, 'pending'), (2, 'sending'), (9, 'sent'), (8, 'unknown'))
                 AS told (n, state)
            """
        )
        outbox = (await own("/system"))["outbox"]
        assert outbox["pending"] == 2
        assert 20 <= outbox["oldest_pending_seconds"] < 80

    async def test_count_unknown_deliveries_as_the_metric_does(
        self, own: Get, tell: Tell, query: Query
    ) -> None:
        await tell(
            Told(at=ago(hours=hours), who=ANN, dialog="A", length=5) for hours in (0, 1, 20, 30)
        )
        await query("UPDATE turns SET delivery_unknown = true")
        await query("UPDATE stats_totals SET delivery_unknown = questions")
        unknown = (await own("/system"))["outbox"]["unknown_24h"]
        series = await own("/stats/series", metric="delivery_unknown", period="day")
        assert unknown == series["total"]["current"]["delivery_unknown"] == 3


class TestProviders:
    async def test_tell_how_each_model_answered_in_the_last_hour(
        self, own: Get, tell: Tell, query: Query
    ) -> None:
        """Each of Ben's golden answers took a call to `large` that failed."""
        await tell(
            (
                replace(GOLDEN[2], at=ago(minutes=20)),
                replace(GOLDEN[2], at=ago(minutes=10)),
                replace(GOLDEN[0], at=ago(minutes=15)),
                replace(GOLDEN[0], at=ago(minutes=70)),
            )
        )
        await query(
            "UPDATE llm_attempts SET error_kind = 'too_slow' WHERE outcome = 'failed' "
            "AND created_at = (SELECT max(created_at) FROM llm_attempts)"
        )
        large, small = (await own("/system"))["providers"]
        assert (large["model"], large["calls"], large["failed"]) == ("large", 3, 2)
        assert moment(large["last_success_at"]) == ago(minutes=15)
        assert moment(large["last_failure_at"]) == ago(minutes=10)
        assert large["last_error"] == "too_slow"
        assert (small["model"], small["calls"], small["failed"]) == ("small", 2, 0)
        assert small["last_failure_at"] is small["last_error"] is None

    async def test_tell_of_calls_whose_process_died(
        self, own: Get, tell: Tell, query: Query
    ) -> None:
        await tell([replace(GOLDEN[0], at=ago(minutes=1))])
        await query("UPDATE llm_attempts SET outcome = 'orphaned'")
        [large] = (await own("/system"))["providers"]
        assert (large["failed"], large["last_error"]) == (1, "orphaned")


class TestVersions:
    async def test_are_those_that_run(self, own: Get) -> None:
        body = await own("/system")
        versions = body["versions"]
        assert versions["release"] == version("parley-api")
        assert versions["is_newest_schema"] is True
        assert versions["postgresql"].split(".")[0].isdigit()
        assert versions["python"].startswith("3.")
        assert abs(moment(body["as_of"]) - datetime.now(UTC)) < timedelta(minutes=1)

    async def test_tell_of_a_schema_that_is_not_the_newest(self, own: Get, query: Query) -> None:
        await query("UPDATE alembic_version SET version_num = 'b756ec7473a5'")
        versions = (await own("/system"))["versions"]
        assert versions["is_newest_schema"] is False
        assert versions["schema_revision"] == "b756ec7473a5"


async def test_needs_an_account(reach: Serving, own_url: str) -> None:
    async with reach(own_url) as http:
        answer = await http.get("/api/v1/system")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("state", ["bots", "providers", "processes"])
async def test_is_empty_where_there_is_nothing(own: Get, state: str) -> None:
    assert (await own("/system"))[state] == []


def moment(written: Any) -> datetime:
    return datetime.fromisoformat(written)
