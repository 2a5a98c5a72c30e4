"""The embedded PostgreSQL: data that last, ends that are complete, and clear refusals."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import asyncpg
import pytest

from core.errors import StartupError
from local.postgres import NOBODY, EmbeddedPostgres, reachable_folder

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def home() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


async def execute(server: EmbeddedPostgres, statement: str) -> object:
    connection = await asyncpg.connect(server.url().replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def is_alive(pid: int) -> bool:
    """A zombie whose parent has not looked yet counts as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def test_data_last_from_run_to_run(home: Path, unused_port: int) -> None:
    with EmbeddedPostgres(home, port=unused_port) as server:
        await execute(server, "CREATE TABLE kept AS SELECT 42 AS number")
        pid = server.pid
    assert not is_alive(pid)
    with EmbeddedPostgres(home, port=unused_port) as server:
        assert await execute(server, "SELECT number FROM kept") == 42


async def test_data_survive_a_killed_server(home: Path, unused_port: int) -> None:
    with EmbeddedPostgres(home, port=unused_port) as server:
        await execute(server, "CREATE TABLE kept AS SELECT 42 AS number")
        os.kill(server.pid, signal.SIGKILL)
        wait_until_gone(server.pid)
        assert not server.is_alive()
    time.sleep(0.5)  # its own children notice a moment later
    with EmbeddedPostgres(home, port=unused_port) as server:
        assert await execute(server, "SELECT number FROM kept") == 42


SUPERVISOR = """
import sys, time
from pathlib import Path
from local.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), port=int(sys.argv[2])) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_it_ends_with_its_supervisor_even_a_killed_one(home: Path, unused_port: int) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(home), str(unused_port)], stdout=subprocess.PIPE
    )
    with supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        supervisor.kill()
    wait_until_gone(pid)
    with EmbeddedPostgres(home, port=unused_port):
        pass


def test_a_taken_port_is_named_with_its_variable(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=f"PARLEY_PG_PORT: port {port}"):
            EmbeddedPostgres(home, port=port).__enter__()
    assert not home.exists()


def test_data_in_use_are_left_alone(
    home: Path, unused_port: int, make_port: Callable[[], int]
) -> None:
    with EmbeddedPostgres(home, port=unused_port) as server:
        with pytest.raises(StartupError, match="already running"):
            EmbeddedPostgres(home, port=make_port()).__enter__()
        assert server.is_alive()


def test_an_interrupted_set_up_is_done_again(home: Path, unused_port: int) -> None:
    (home / "cluster").mkdir(parents=True)
    (home / "cluster" / "half").touch()
    with EmbeddedPostgres(home, port=unused_port) as server:
        assert server.is_alive()


def test_permissions_outside_its_folder_stay(home: Path, unused_port: int) -> None:
    home.parent.chmod(0o711)
    before = home.parent.stat()
    with EmbeddedPostgres(home, port=unused_port):
        pass
    after = home.parent.stat()
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


@needs_root
def test_root_runs_it_as_nobody(home: Path, unused_port: int) -> None:
    with EmbeddedPostgres(home, port=unused_port) as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid == NOBODY


@needs_root
def test_below_a_closed_folder_data_and_programs_go_elsewhere(home: Path, unused_port: int) -> None:
    home.parent.chmod(0o700)
    elsewhere = reachable_folder(home)
    assert elsewhere != home
    try:
        with EmbeddedPostgres(home, port=unused_port) as server:
            assert server.home == elsewhere
        assert not home.exists()
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


@needs_root
def test_an_ordinary_user_runs_it_as_themselves(home: Path, unused_port: int) -> None:
    home.mkdir()
    user = pwd.getpwnam("daemon").pw_uid  # initdb wants somebody that the machine knows
    os.chown(home, user, user)
    try:
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(home / "data"), str(unused_port)],
            stdout=subprocess.PIPE,
            user=user,
            group=user,
            extra_groups=[],
        )
    except PermissionError:
        pytest.skip("this Python lies where an ordinary user cannot reach it")
    with supervisor:
        assert supervisor.stdout is not None
        line = supervisor.stdout.readline()
        assert Path(f"/proc/{int(line)}").stat().st_uid == user
        supervisor.kill()
    wait_until_gone(int(line))
