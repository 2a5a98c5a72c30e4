"""One run: the history, the API, the other engines, the writers, and the verdict."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.bench_stats import answers, store
from local.bench_stats.endpoint import PERIODS, Api, free_port
from local.bench_stats.engines import Copy, Engine, Rows, answer, others, time_answer
from local.bench_stats.history import Size
from local.bench_stats.table import Line, Report, lines
from local.bench_stats.writing import writing
from local.postgres import EmbeddedPostgres

#: longer than the API remembers a list of people
_REMEMBERED_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    messages: int
    people: int
    seed: int
    #: turns a second that are written meanwhile; 0: only the idle half
    rate: float
    requests: int
    #: of each engine's three questions
    runs: int
    #: where the database stays from run to run
    keep: Path | None


def run(options: Options, say: Callable[[str], None], *, now: datetime) -> Report:
    """Measure, compare and print the table."""
    size = Size(messages=options.messages, people=options.people, seed=options.seed, end=now)
    with (
        _folder(options.keep) as home,
        _folder(None) as scratch,
        EmbeddedPostgres(home / "postgres", port=free_port()) as postgres,
    ):
        url = postgres.url()
        asyncio.run(store.prepare(url, size, say))
        return _measure(options, url, scratch, say)


def _measure(options: Options, url: str, scratch: Path, say: Callable[[str], None]) -> Report:
    report = Report()
    with (
        Api(url, scratch) as api,
        contextlib.closing(Rows(url)) as rows,
        _others(scratch) as copies,
    ):
        engines: list[Engine] = [rows, *copies]
        say("copying the rows into " + (" and ".join(e.name for e in copies) or "nothing else"))
        exported = _copy(rows, copies, scratch, since=None)
        say("comparing")
        _compare(report, api, engines, rows)
        say("measuring, while nothing is written")
        _time(report, options, api, engines, is_written=False)
        if options.rate:
            say(f"measuring, while {options.rate:g} turns a second are written")
            with writing(url, rate=options.rate, folder=scratch) as report.written:
                _time(report, options, api, engines, is_written=True)
            _copy(rows, copies, scratch, since=exported)
            say("comparing again")
            _compare(report, api, engines, rows)
        for line in lines(report, [engine.name for engine in engines]):
            say(line)
    return report


def _time(
    report: Report, options: Options, api: Api, engines: Sequence[Engine], *, is_written: bool
) -> None:
    for period in PERIODS:
        window = answers.window_of(api.stats(period)[0])
        report.lines.append(
            Line(
                period=period,
                is_written=is_written,
                api=api.time(period, requests=options.requests),
                engines={
                    engine.name: time_answer(engine, window, runs=options.runs)
                    for engine in engines
                },
            )
        )


def _compare(report: Report, api: Api, engines: Sequence[Engine], rows: Rows) -> None:
    """The API's answer with each engine's, over the API's own window, while nothing is written."""
    now = datetime.now(UTC)
    for period in PERIODS:
        given = _fresh(api, period, now)
        window = answers.window_of(given)
        for engine in engines:
            found = answers.differences(given, answer(engine, window), rows.public_ids)
            report.disagreements += [f"{period}, {engine.name}: {what}" for what in found]
            report.compared += 1


def _fresh(api: Api, period: str, now: datetime) -> dict[str, Any]:
    """An answer of which no part is older than now."""
    deadline = time.monotonic() + _REMEMBERED_SECONDS
    while True:
        given = api.stats(period)[0]
        if answers.people_are_as_of(given) >= now or time.monotonic() > deadline:
            return given
        time.sleep(0.5)


def _copy(rows: Rows, copies: Sequence[Copy], scratch: Path, *, since: datetime | None) -> datetime:
    """Bring the engines up to date; returns the moment from which the next copy has to go on."""
    file = scratch / "turns.csv"
    until = rows.newest() + timedelta(microseconds=1)
    rows.export(file, since=since)
    for engine in copies:
        engine.load(file)
    file.unlink()
    return until


@contextmanager
def _others(scratch: Path) -> Generator[Sequence[Copy]]:
    copies = others(scratch)
    try:
        yield copies
    finally:
        for engine in copies:
            engine.close()


@contextmanager
def _folder(keep: Path | None) -> Generator[Path]:
    """A folder that also the user can reach who runs PostgreSQL when root measures."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(
        prefix="parley-bench-stats-", ignore_cleanup_errors=True
    ) as name:
        Path(name).chmod(0o755)
        yield Path(name)
