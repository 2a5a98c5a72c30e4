"""Worlds for faults: `--seeds 3` runs each story with as many seeds, `--rows 1-13,20` only those.

A run of all rows with three seeds or more writes docs/faults.md; any other prints its table.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

import pytest

from ..conftest import Program, answers, wait_for
from .table import Results, page, table
from .world import Chance, World

ROOT = Path(__file__).parents[3]
PUBLISHED_SEEDS = 3
SOAK_TURNS = 2000
RESULTS = pytest.StashKey[Results]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=1, help="how often each story of a fault runs")
    parser.addoption("--rows", default="", help="rows of the fault matrix, such as 1-13,20")
    parser.addoption("--turns", type=int, default=SOAK_TURNS, help="of the soak, row 59")
    parser.addoption("--publish", action="store_true", help="tell the results as a table")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RESULTS] = Results()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--seeds", 1)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not (chosen := _rows(config.getoption("--rows", ""))):
        return
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        mark = item.get_closest_marker("fault")
        is_chosen = mark is not None and mark.kwargs.get("row") in chosen
        (kept if is_chosen else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if not config.getoption("--publish", default=False) or hasattr(config, "workerinput"):
        return
    results, seeds = config.stash[RESULTS], config.getoption("--seeds")
    is_whole = not config.getoption("--rows") and seeds >= PUBLISHED_SEEDS
    if is_whole and not results.missing:
        text = page(results, command="make chaos", seeds=seeds)
        (ROOT / "docs" / "faults.md").write_text(text, encoding="utf-8")
    print("\n" + "\n".join(table(results)))
    if is_whole and results.missing:
        print(f"docs/faults.md was not written: there are no rows {results.missing}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class _Collecting:
    def __init__(self, config: pytest.Config) -> None:
        self._results = config.stash[RESULTS]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or (report.when == "setup" and report.failed):
            self._results.add(dict(report.user_properties), is_clean=report.passed)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(_Collecting(session.config))


def _rows(written: str) -> set[int]:
    chosen: set[int] = set()
    for part in filter(None, written.split(",")):
        first, _, last = part.partition("-")
        chosen.update(range(int(first), int(last or first) + 1))
    return chosen


@pytest.fixture(scope="session")
def outside(make_port: Callable[[], int]) -> Generator[str]:
    """The address of a simulator that all worlds of this process share, one after the other."""
    port = make_port()
    with tempfile.TemporaryDirectory(prefix="parley-outside-") as name:
        simulator = Program(
            "simulator", {"SIMULATOR_PORT": str(port)}, Path(name) / "simulator.log"
        )
        simulator.start()
        try:
            wait_for(lambda: answers(f"http://127.0.0.1:{port}"), simulator)
            yield f"http://127.0.0.1:{port}"
        finally:
            simulator.end()


@pytest.fixture
async def world(
    outside: str,
    database_url: str,
    make_port: Callable[[], int],
    seed: int,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> AsyncGenerator[World]:
    with tempfile.TemporaryDirectory(prefix="parley-fault-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        await asyncio.to_thread(folder.chmod, 0o755)
        async with World(
            base=outside,
            database_url=database_url,
            folder=folder,
            make_port=make_port,
            chance=Chance(seed),
            turns=request.config.getoption("--turns", SOAK_TURNS),
            is_timed=request.config.getoption("--publish", default=False),
        ) as world:
            record_property("postgres", await world.value("SHOW server_version"))
            yield world
