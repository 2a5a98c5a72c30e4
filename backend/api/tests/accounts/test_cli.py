"""`python -m api users …` as a real process."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import programs
import pytest

from .conftest import PASSWORD, Query

Run = Callable[..., "subprocess.CompletedProcess[str]"]

ME = "/api/v1/auth/me"


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    def run(*arguments: str, stdin: str = "", **variables: str) -> Any:
        everything = {**os.environ, "DATABASE_URL": database_url, **variables}  # noqa: TID251 - a child inherits it
        return programs.run("api", *arguments, variables=everything, folder=tmp_path, given=stdin)

    return run


async def test_an_account_from_the_terminal_signs_in(
    run: Run, http: httpx2.AsyncClient, query: Query
) -> None:
    done = run("users", "add", "Ada", "--role", "admin", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (done.returncode, done.stdout) == (0, "ada may sign in, as admin.\n"), done.stderr
    assert (await http.get(ME, auth=("ada", PASSWORD))).json()["role"] == "admin"
    [entry] = await query("SELECT * FROM audit_log")
    assert (entry.actor, entry.action, entry.subject) == ("(terminal)", "registered", "ada")
    assert entry.address is None
    assert PASSWORD not in done.stdout + done.stderr + repr(entry)


async def test_a_password_can_be_made_and_is_printed_once(
    run: Run, http: httpx2.AsyncClient
) -> None:
    done = run("users", "add", "ada", "--generate")
    found = re.search(r"The password of ada: (\S{20})\n", done.stdout)
    assert found
    assert (await http.get(ME, auth=("ada", found[1]))).json()["role"] == "analyst"


async def test_a_password_is_asked_for_twice_and_not_shown(
    database_url: str, tmp_path: Path, http: httpx2.AsyncClient
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "users", "add", "ada"],
        cwd=tmp_path,
        env={**os.environ, "DATABASE_URL": database_url},  # noqa: TID251 - a child inherits it
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for prompt in (b"Password: ", b"Again: "):
        while not shown.endswith(prompt):
            shown += os.read(ours, 1000)
        os.write(ours, f"{PASSWORD}\n".encode())
    while b"analyst" not in shown:
        shown += os.read(ours, 1000)
    assert process.wait(30) == 0
    os.close(ours)
    assert PASSWORD.encode() not in shown
    assert (await http.get(ME, auth=("ada", PASSWORD))).status_code == 200


async def test_disabling_and_enabling(
    run: Run, http: httpx2.AsyncClient, ada: tuple[str, str]
) -> None:
    await http.post("/api/v1/auth/session", auth=ada)
    assert (await http.get(ME)).status_code == 200
    done = run("users", "disable", "ada")
    assert done.stdout == "ada is disabled; 1 sessions have ended.\n", done.stderr
    assert (await http.get(ME)).status_code == 401
    http.cookies.clear()
    assert (await http.get(ME, auth=ada)).status_code == 401
    assert run("users", "enable", "ada").returncode == 0
    assert (await http.get(ME, auth=ada)).status_code == 200


async def test_a_reset_ends_the_old_password_and_all_sessions(
    run: Run, http: httpx2.AsyncClient, ada: tuple[str, str]
) -> None:
    await http.post("/api/v1/auth/session", auth=ada)
    done = run("users", "reset", "ada", "--password-stdin", stdin="seven loud geese fly\n")
    assert done.stdout == "ada has a new password; 1 sessions have ended.\n", done.stderr
    assert (await http.get(ME)).status_code == 401
    http.cookies.clear()
    assert (await http.get(ME, auth=ada)).status_code == 401
    assert (await http.get(ME, auth=("ada", "seven loud geese fly"))).status_code == 200


async def test_listing(run: Run, http: httpx2.AsyncClient, ada: tuple[str, str]) -> None:
    assert re.search(r"^ada +analyst +active +since 20\d\d-", run("users", "list").stdout)
    assert run("users", "sessions", "ada").stdout == "ada has no open session.\n"
    await http.post("/api/v1/auth/session", auth=ada, headers={"User-Agent": "Browser/1"})
    shown = run("users", "sessions", "ada").stdout
    assert "127.0.0.1" in shown
    assert "Browser/1" in shown
    assert run("users", "sessions", "ada", "--end").stdout == "1 sessions of ada have ended.\n"
    assert (await http.get(ME)).status_code == 401


def test_an_empty_list_says_what_to_do(run: Run) -> None:
    assert "users add NAME --role admin" in run("users", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (("add", "a b"), "", "3 to 64"),
        (("add", "ada", "--password-stdin"), "", "already"),
        (("add", "bob", "--password-stdin"), "short\n", "8 to 128"),
        (("add", "bob", "--password-stdin"), "password1\n", "first that are tried"),
        (("add", "bob"), "", "no terminal"),
        (("reset", "nobody", "--generate"), "", "no account nobody"),
        (("disable", "nobody"), "", "no account nobody"),
        (("enable", "nobody"), "", "no account nobody"),
        (("sessions", "nobody"), "", "no account nobody"),
    ],
)
async def test_what_cannot_be_done_is_said(
    run: Run, ada: tuple[str, str], arguments: tuple[str, ...], stdin: str, sentence: str
) -> None:
    done = run("users", *arguments, stdin=stdin)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.startswith("parley api: ")
    assert done.stderr.count("\n") == 1


async def test_the_last_admin_stays(run: Run, root: tuple[str, str]) -> None:
    done = run("users", "disable", "root")
    assert done.returncode == 1
    assert "last active admin" in done.stderr


@pytest.mark.parametrize("arguments", [("users",), ("users", "dance"), ("users", "add"), ("u",)])
def test_wrong_words_get_the_usage(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage: python -m api" in done.stderr


def test_a_database_that_is_away_is_named(run: Run) -> None:
    done = run("users", "list", DATABASE_URL="postgresql://me:hunter2@127.0.0.1:9/parley")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_database_without_tables_is_named(run: Run, empty_database_url: str) -> None:
    done = run("users", "list", DATABASE_URL=empty_database_url)
    assert done.returncode == 1
    assert "python -m core.db upgrade" in done.stderr
    assert "Traceback" not in done.stderr
