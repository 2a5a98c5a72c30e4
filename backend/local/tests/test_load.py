"""`make load`: a short one of the whole product, one of an API that runs, and what it refuses."""

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess

import programs
import pytest

from api.accounts import store
from api.accounts.passwords import make_context
from core.db.session import Database
from local.load.figures import Figures, Line
from local.load.verdict import AT_MOST, Outcome, Thresholds, crossed
from local.replay.oracle import Verdict as Answers

PASSWORD = "four quiet herons wade"
GENEROUS = Thresholds(at_most=AT_MOST, failures_percent=0.1, limited_percent=1)

needs_locust = pytest.mark.skipif(
    find_spec("locust") is None, reason="locust is not installed: uv sync --group load"
)


def load(folder: Path, *arguments: str, given: str = "") -> CompletedProcess[str]:
    return programs.run(
        "local.load",
        *("--report", str(folder / "report"), *arguments),
        variables=dict(os.environ),  # noqa: TID251 - a child inherits it
        folder=folder,
        given=given,
        seconds=200,
    )


def figures(*lines: Line, limited: int = 0, crashes: tuple[str, ...] = ()) -> Figures:
    return Figures(lines=lines, limited=limited, failures=("users: status 500",), crashes=crashes)


def line(kind: str = "users", *, requests: int = 1000, failures: int = 0, p95: float = 20) -> Line:
    return Line(
        kind=kind, requests=requests, failures=failures, rate=10, p50=10, p95=p95, p99=2 * p95
    )


@needs_locust
@pytest.mark.heavy
@pytest.mark.timeout(240)  # three programs, a database and locust start one after the other
def test_the_whole_product_under_a_little_load(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    done = load(
        tmp_path,
        *("--analysts", "4", "--people", "2", "--spawn-rate", "6", "--seconds", "5"),
        *("--no-history", "--slack", "50"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row.split()[0]: row.split() for row in done.stdout.splitlines() if row}
    assert int(rows["sign-in"][1]) == 2  # every second analyst
    assert int(rows["full-answer"][1]) >= 2
    assert int(rows["all"][-1]) == 0
    assert re.search(
        r"^(\d+) questions, \1 answered, 0 lost, 0 doubled$", done.stdout, re.MULTILINE
    )
    kept = json.loads((tmp_path / "report" / "figures.json").read_text())
    assert kept["wrong"] == []
    assert {"bot", "api", "simulator", "postgres", "locust"} <= set(kept["programs"])
    assert (tmp_path / "report" / "figures.csv").read_text().startswith("kind,requests,failures,")
    assert "<html" in (tmp_path / "report" / "report.html").read_text()


@pytest.fixture
async def api(
    database_url: str, make_port: Callable[[], int], tmp_path: Path
) -> AsyncGenerator[str]:
    """The address of one that runs already, where ada has an account and little is allowed."""
    database = Database(database_url)
    async with database.write() as session:
        password_hash = make_context().hash(PASSWORD)
        await store.add_account(session, "ada", password_hash=password_hash, role="analyst")
    await database.close()
    url = f"http://127.0.0.1:{(port := make_port())}"
    variables = {
        "DATABASE_URL": database_url,
        "API_PORT": str(port),
        "METRICS_PORT": str(make_port()),
        "STATS_API_RATE_LIMIT": "6/minute",
    }
    running = programs.start(
        "api",
        variables={**os.environ, **variables},  # noqa: TID251 - a child inherits it
        folder=tmp_path,
        output=tmp_path / "api.log",
    )
    deadline = time.monotonic() + 60
    while not answers(f"{url}/ready"):
        assert time.monotonic() < deadline, (tmp_path / "api.log").read_text()
        time.sleep(0.05)
    yield url
    running.terminate()
    running.wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


class TestAHostThatRuns:
    @needs_locust
    def test_what_is_crossed_is_said_and_ends_with_1(self, api: str, tmp_path: Path) -> None:
        at_most = [word for kind in AT_MOST for word in ("--at-most", f"{kind}=0")]
        done = load(
            tmp_path,
            *("--host", api, "--account", "ada", "--analysts", "8", "--spawn-rate", "50"),
            *("--seconds", "3", *at_most),
            given=f"{PASSWORD}\n",
        )
        assert done.returncode == 1, done.stdout + done.stderr
        assert re.search(r"^[a-z-]+: p95 is \d+ ms, and may be 0 ms\.$", done.stderr, re.MULTILINE)
        assert re.search(
            r"^The API refused \d+ of \d+ requests with 429", done.stderr, re.MULTILINE
        )
        assert "  too slow" in done.stdout
        assert re.search(
            r"^all +\d+ +[\d.]+ +0$", done.stdout, re.MULTILINE
        )  # a limit is no failure
        assert "questions" not in done.stdout
        assert PASSWORD not in "".join(path.read_text() for path in (tmp_path / "report").iterdir())

    @needs_locust
    def test_a_wrong_password_is_tried_once(self, api: str, tmp_path: Path) -> None:
        done = load(tmp_path, "--host", api, "--account", "ada", given="not it\n")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"{api} does not let ada in: 401.\n"

    @pytest.mark.parametrize("host", ["https://load.example.org", "http://127.0.0.1.example.org"])
    def test_another_machine_takes_consent(self, host: str, tmp_path: Path) -> None:
        done = load(tmp_path, "--host", host, "--account", "ada", given=f"{PASSWORD}\n")
        assert (done.returncode, done.stdout) == (1, "")
        assert "is not this machine" in done.stderr
        assert "--i-own-this-host" in done.stderr

    @pytest.mark.parametrize(
        "host", ["staging.example.org", "http://127.0.0.1@10.0.0.7", "ftp://h"]
    )
    def test_what_is_no_address_is_refused(self, host: str, tmp_path: Path) -> None:
        done = load(tmp_path, "--host", host, "--account", "ada", given=f"{PASSWORD}\n")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("--host needs an address")


class TestTheVerdict:
    @pytest.mark.parametrize(
        ("found", "told"),
        [
            (figures(line()), []),
            (figures(), ["Nothing was measured"]),
            (figures(line(p95=301)), ["users: p95 is 301 ms, and may be 300 ms."]),
            (figures(line("elsewhere", p95=9000)), []),
            (figures(line(failures=1)), []),  # 0.1 %
            (figures(line(failures=2)), ["2 of 1000 requests failed (0.20 %)"]),
            (figures(line(), limited=10), []),  # 10 of 1010 are 0.99 %
            (figures(line(), limited=11), ["The API refused 11 of 1011 requests with 429"]),
            (figures(line(), crashes=("TypeError",)), ["The crowd itself failed: TypeError"]),
        ],
    )
    def test_names_what_was_measured(self, found: Figures, told: list[str]) -> None:
        sentences = crossed(Outcome(figures=found), GENEROUS)
        assert len(sentences) == len(told)
        assert all(map(str.startswith, sentences, told))

    @pytest.mark.parametrize(
        ("answers", "is_good"),
        [
            (Answers(questions=3, answered=3), True),
            (Answers(questions=3, answered=2, lost=1), False),
            (Answers(questions=3, answered=3, unmarked_duplicates=1), False),
            (Answers(questions=3, answered=3, marked_duplicates=1), False),
            (Answers(questions=3, answered=3, rows_not_final=1), False),
        ],
    )
    def test_wants_each_question_answered_once(self, answers: Answers, is_good: bool) -> None:  # noqa: FBT001
        sentences = crossed(Outcome(figures=figures(line()), answers=answers), GENEROUS)
        assert bool(sentences) is not is_good

    def test_names_a_program_that_ended(self) -> None:
        outcome = Outcome(figures=figures(line()), ended=["bot"])
        assert crossed(outcome, GENEROUS) == ["bot ended during the run: its last lines say why."]
