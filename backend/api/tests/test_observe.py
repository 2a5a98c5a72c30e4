"""Queries timed by name, slow ones told, plans in development, the pool running low."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from prometheus_client import generate_latest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from api import observe, plans
from api.app import create_app
from api.metrics import Metrics
from api.observe import Observer
from api.plans import Plans, shape
from core.db.session import Database
from core.db.tables import dialogs
from core.errors import SettingsError
from core.settings import load

from .conftest import Serving

SECRET = "hunter2"
SLEEP = text("SELECT pg_sleep(:seconds), :secret").execution_options(query="test.sleep")


class Observed:
    """A database that is listened to."""

    def __init__(self, url: str, *, with_plans: bool = False, **options: Any) -> None:
        self.database = Database(url, **options)
        self.metrics = Metrics(self.database)
        self.plans = Plans(self.database) if with_plans else None
        Observer(self.database, self.metrics, self.plans)

    def count(self, query: str) -> float | None:
        name = "database_query_duration_seconds_count"
        return self.metrics.registry.get_sample_value(name, {"query": query})


@pytest.fixture
async def observed(database_url: str) -> AsyncGenerator[Observed]:
    observed = Observed(database_url)
    yield observed
    await observed.database.close()


class TestNames:
    async def test_a_named_query_is_timed_under_its_name(self, observed: Observed) -> None:
        named = select(dialogs.c.id).execution_options(query="dialogs.all")
        async with observed.database.read() as session:
            await session.execute(named)
            await session.execute(named.where(dialogs.c.chat_id == 1))
            await session.execute(text("SELECT 1"), execution_options={"query": "one"})
            await session.execute(text("SELECT 2"))
        assert observed.count("dialogs.all") == 2
        assert observed.count("one") == 1
        assert observed.count(observe.UNNAMED) == 1

    async def test_a_query_that_fails_is_timed_too(self, observed: Observed) -> None:
        wrong = text("SELECT 1 / :zero").execution_options(query="test.wrong")
        async with observed.database.read() as session:
            with pytest.raises(DBAPIError):
                await session.execute(wrong, {"zero": 0})
        assert observed.count("test.wrong") == 1

    async def test_no_value_becomes_a_label(self, observed: Observed) -> None:
        async with observed.database.read() as session:
            await session.execute(SLEEP, {"seconds": 0, "secret": SECRET})
        assert SECRET not in generate_latest(observed.metrics.registry).decode()


class TestSlowQueries:
    @pytest.mark.parametrize(
        ("seconds", "level"), [(0.1, None), (0.55, "warning"), (1.05, "error")]
    )
    async def test_are_told_by_name_and_milliseconds(
        self, observed: Observed, seconds: float, level: str | None
    ) -> None:
        with capture_logs() as logs:
            async with observed.database.read() as session:
                await session.execute(SLEEP, {"seconds": seconds, "secret": SECRET})
        told = [log for log in logs if log["event"] == "slow_query"]
        assert [(log["query"], log["log_level"]) for log in told] == (
            [("test.sleep", level)] if level else []
        )
        assert all(log["ms"] >= seconds * 1000 for log in told)
        assert SECRET not in str(logs)


class TestStatementTimeout:
    async def test_ends_a_question_with_a_problem(
        self, serving: Serving, database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from datetime import timedelta

        import api.app
        from api.dependencies import DatabaseDependency

        monkeypatch.setattr(api.app, "STATEMENT_TIMEOUT", timedelta(seconds=0.2))

        def prepare(app: FastAPI) -> None:
            async def sleep(database: DatabaseDependency) -> None:
                async with database.read() as session:
                    await session.execute(SLEEP, {"seconds": 30, "secret": SECRET})

            app.add_api_route("/api/v1/sleep", sleep)

        async with serving(database_url, prepare=prepare) as http:
            answer = await http.get("/api/v1/sleep")
        assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
        assert SECRET not in answer.text

    async def test_is_five_seconds_for_the_api_and_none_for_others(self, database_url: str) -> None:
        app = create_app(load(None, {"DATABASE_URL": database_url}))
        for database, shown in ((app.state.database, "5s"), (Database(database_url), "0")):
            async with database.read() as session:
                answer = await session.execute(text("SHOW statement_timeout"))
                assert answer.scalar() == shown
            await database.close()
        app.state.limits.close()


class TestPool:
    async def test_running_low_is_said_once_until_it_is_over(self, database_url: str) -> None:
        observed = Observed(database_url, pool_size=3, max_overflow=2)
        with capture_logs() as logs:
            for _ in range(2):
                await self.take(observed.database, 5)
        told = [log for log in logs if log["event"] == "database_pool_low"]
        assert [(log["in_use"], log["size"]) for log in told] == [(5, 5), (5, 5)]
        await observed.database.close()

    async def test_four_of_five_are_not_low(self, database_url: str) -> None:
        observed = Observed(database_url, pool_size=3, max_overflow=2)
        with capture_logs() as logs:
            await self.take(observed.database, 4)
        assert logs == []
        await observed.database.close()

    @staticmethod
    async def take(database: Database, count: int) -> None:
        async with AsyncExitStack() as stack:
            for _ in range(count):
                _ = await stack.enter_async_context(database.read())
            assert database.connections_in_use == count


class TestPlans:
    @staticmethod
    async def explained(observed: Observed, ask: Callable[[], Any]) -> list[Any]:
        assert observed.plans
        with capture_logs() as logs:
            async with asyncio.TaskGroup() as tasks:
                logging = tasks.create_task(observed.plans.log())
                await ask()
                await asyncio.sleep(0.3)
                logging.cancel()
        await observed.database.close()
        return [log for log in logs if log["event"].startswith("query_plan")]

    async def test_are_logged_once_a_minute_without_values(self, database_url: str) -> None:
        observed = Observed(database_url, with_plans=True)
        of_kind = (
            select(dialogs.c.id)
            .where(dialogs.c.chat_kind == SECRET)
            .execution_options(query="dialogs.of_kind")
        )

        async def ask() -> None:
            async with observed.database.read() as session:
                for _ in range(3):
                    await session.execute(of_kind)
                await session.execute(text("SELECT 'unnamed'"))

        logs = await self.explained(observed, ask)
        assert [(log["event"], log["query"]) for log in logs] == [("query_plan", "dialogs.of_kind")]
        assert "Scan dialogs" in logs[0]["plan"][0]
        assert SECRET not in str(logs)
        assert observed.count("plans.explain") == 1

    async def test_a_plan_that_cannot_be_had_is_no_failure(self, database_url: str) -> None:
        observed = Observed(database_url, with_plans=True)
        assert observed.plans

        async def ask() -> None:
            assert observed.plans
            observed.plans.want("test.gone", "SELECT * FROM nowhere WHERE x = $1", (SECRET,))

        logs = await self.explained(observed, ask)
        assert [log["event"] for log in logs] == ["query_plan_failed"]
        assert SECRET not in str(logs)

    async def test_what_changes_data_is_not_asked_again(self, database_url: str) -> None:
        observed = Observed(database_url, with_plans=True)
        assert observed.plans
        for n in range(plans._WAITING + 5):
            observed.plans.want(f"test.{n}", "SELECT 1", ())
        assert observed.plans._questions.full()
        other = Plans(observed.database)
        other.want("test.insert", "INSERT INTO users DEFAULT VALUES", ())
        assert other._questions.empty()
        await observed.database.close()

    def test_a_plan_is_told_by_its_nodes(self) -> None:
        leaf = {
            "Node Type": "Index Scan",
            "Relation Name": "users",
            "Index Name": "users_pkey",
            "Index Cond": f"(id = '{SECRET}')",
            "Plan Rows": 1,
            "Total Cost": 8.15,
        }
        root = {"Node Type": "Aggregate", "Plan Rows": 1, "Total Cost": 9.4, "Plans": [leaf]}
        assert shape(root) == [
            "Aggregate rows=1 cost=9",
            "  Index Scan users users_pkey rows=1 cost=8",
        ]

    async def test_a_server_logs_them_in_development_alone(
        self, make_server: Callable[..., Any], database_url: str
    ) -> None:
        plan = {"ENABLE_QUERY_ANALYSIS": "true"}
        with pytest.raises(SettingsError, match="ENABLE_QUERY_ANALYSIS"):
            create_app(load(None, {"DATABASE_URL": database_url, **plan}))
        server = make_server(ENVIRONMENT="development", **plan)
        await asyncio.sleep(0.3)
        assert "query_plan" in server.log
        assert "health.ping" in server.log
        server = make_server()
        await asyncio.sleep(0.3)
        assert "query_plan" not in server.log
