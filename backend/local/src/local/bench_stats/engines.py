"""The same rows in four engines, each asked in SQL."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from local.bench_stats.questions import COLUMNS, QUESTIONS, Dialect, Window

#: the answers to the three questions, by their names; numbers alone
Answers = dict[str, list[tuple[int, ...]]]


class Engine(Protocol):
    name: str
    dialect: Dialect

    def ask(self, statement: str) -> list[tuple[int, ...]]: ...

    def close(self) -> None: ...


class Copy(Engine, Protocol):
    """An engine with a copy of the rows."""

    def load(self, rows: Path) -> None:
        """Add rows that `Rows.export` wrote."""


def answer(engine: Engine, window: Window) -> Answers:
    return {name: engine.ask(ask(window, engine.dialect)) for name, ask in QUESTIONS.items()}


def time_answer(engine: Engine, window: Window, *, runs: int) -> float:
    """Median milliseconds of all three questions, asked one after the other."""
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        answer(engine, window)
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


class Rows:
    """PostgreSQL, from the raw turns."""

    name = "PostgreSQL"
    dialect = Dialect(
        moment=lambda at: f"timestamptz '{at.isoformat()}'",
        bucket=lambda size: f"extract(epoch FROM date_trunc('{size}', created_at, 'UTC'))::bigint",
        turns="(SELECT bot_id, user_id, created_at, answer_length, "
        "prompt_tokens + completion_tokens AS tokens, cost_micros + wasted_micros AS cost, "
        "opens_dialog::integer AS opens_dialog, (verdict = 'failed_told')::integer AS is_failed "
        "FROM turns WHERE verdict IS NOT NULL) AS turn",
    )

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._connection: asyncpg.Connection = self._runner.run(
            asyncpg.connect(url.replace("+asyncpg", ""))
        )

    def ask(self, statement: str) -> list[tuple[int, ...]]:
        return _numbers(self._runner.run(self._connection.fetch(statement)))

    def export(self, file: Path, *, since: datetime | None) -> int:
        """Write concluded turns created from a moment on as CSV; returns how many."""
        columns = ", ".join(f"{sql} AS {name}" for name, sql in COLUMNS.items())
        where = f" AND created_at >= {self.dialect.moment(since)}" if since else ""
        statement = f"SELECT {columns} FROM turns WHERE verdict IS NOT NULL{where} ORDER BY 3"
        copy = self._connection.copy_from_query(statement, output=file, format="csv")
        status: str = self._runner.run(copy)
        return int(status.split()[1])

    def public_ids(self, people: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """The ids by which the API names these people, each given by bot and user."""
        wanted = [[bot for bot, _ in people], [user for _, user in people]]
        found = self._runner.run(self._connection.fetch(_PUBLIC_IDS, *wanted))
        return {(row["bot_id"], row["id"]): str(row["public_id"]) for row in found}

    def newest(self) -> datetime:
        """When the newest turn was created."""
        newest: datetime = self._runner.run(
            self._connection.fetchval("SELECT max(created_at) FROM turns")
        )
        return newest

    def close(self) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()


_PUBLIC_IDS = """
    SELECT bot_id, id, public_id FROM users
    WHERE (bot_id, id) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))
"""


class Duck:
    """DuckDB, in a table of its own."""

    name = "DuckDB"
    dialect = Dialect(
        moment=lambda at: f"TIMESTAMP '{_plain(at)}'",
        bucket=lambda size: f"epoch(date_trunc('{size}', created_at))::bigint",
        turns="turns",
    )

    def __init__(self, folder: Path) -> None:
        import duckdb  # noqa: PLC0415 - of a dependency group that only this command needs

        self._database = duckdb.connect(str(folder / "turns.duckdb"))
        self._database.execute(
            f"CREATE TABLE turns ({', '.join(f'{n} {t}' for n, t in _DUCK_TYPES.items())})"
        )

    def ask(self, statement: str) -> list[tuple[int, ...]]:
        return _numbers(self._database.execute(statement).fetchall())

    def load(self, rows: Path) -> None:
        self._database.execute(
            f"INSERT INTO turns SELECT * FROM read_csv('{rows}', header = false, "
            f"columns = {_DUCK_TYPES!r})"
        )

    def close(self) -> None:
        self._database.close()


_CLICKHOUSE_BUCKETS = {"hour": "toStartOfHour", "day": "toStartOfDay"}


class House:
    """ClickHouse inside this process, in a MergeTree by time."""

    name = "chDB"
    dialect = Dialect(
        moment=lambda at: f"toDateTime64('{_plain(at)}', 6, 'UTC')",
        bucket=lambda size: f"toUnixTimestamp({_CLICKHOUSE_BUCKETS[size]}(created_at))",
        turns="bench.turns",
        distinct="uniqExact(bot_id, user_id)",
    )

    def __init__(self, folder: Path) -> None:
        from chdb.session import Session  # noqa: PLC0415 - as above

        self._session = Session(str(folder / "chdb"))
        self._session.query("CREATE DATABASE bench")
        self._session.query(
            f"CREATE TABLE bench.turns ({_CLICKHOUSE_ROW}) ENGINE = MergeTree ORDER BY created_at"
        )

    def ask(self, statement: str) -> list[tuple[int, ...]]:
        found = str(self._session.query(statement, "TabSeparated"))
        return _numbers(line.split("\t") for line in found.splitlines())

    def load(self, rows: Path) -> None:
        self._session.query(
            f"INSERT INTO bench.turns SELECT * FROM file('{rows}', 'CSV', '{_QUOTED_ROW}')"
        )
        self._session.query("OPTIMIZE TABLE bench.turns FINAL")

    def close(self) -> None:
        self._session.close()


_DUCK_TYPES = {
    name: {"created_at": "TIMESTAMP", "bot_id": "BIGINT", "user_id": "BIGINT"}.get(name, "INTEGER")
    for name in COLUMNS
}
_CLICKHOUSE_ROW = ", ".join(
    f"{name} "
    + {"created_at": "DateTime64(6, 'UTC')", "bot_id": "Int64", "user_id": "Int64"}.get(
        name, "Int32"
    )
    for name in COLUMNS
)
_QUOTED_ROW = _CLICKHOUSE_ROW.replace("'", "\\'")


def others(folder: Path) -> Sequence[Copy]:
    """The engines of the dependency group `bench`, as far as it is installed."""
    found: list[Copy] = []
    for engine in (Duck, House):
        try:
            found.append(engine(folder))
        except ImportError:
            continue
    return found


def _plain(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def _numbers(rows: Any) -> list[tuple[int, ...]]:
    return [tuple(int(value) for value in row) for row in rows]
