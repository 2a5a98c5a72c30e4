"""The supervisor with small real programs: order, restarts, ends, and refusals."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import StartupError
from local.plan import Program
from local.supervisor import Supervisor
from local.terminal import Terminal

SERVER = """
import http.server, os, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("listening", os.getpid(), flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
REFUSER = """
import sys
sys.exit("NAME is not set: set it.")
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""


class Lines(Terminal):
    """Remembers what would have been shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, str]] = []
        self.notes: list[str] = []

    def line(self, name: str, line: str) -> None:
        self.shown.append((name, line))

    def note(self, line: str) -> None:
        self.notes.append(line)


@pytest.fixture
def program(
    tmp_path: Path, make_port: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Program]:
    """Makes programs of a few lines that `python -m` can find."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def make(name: str, code: str, *, stage: int = 1, grace: float = 5.0) -> Program:
        (tmp_path / f"{name}.py").write_text(code)
        port = make_port()
        url = f"http://127.0.0.1:{port}/" if code is SERVER else None
        return Program(
            name=name,
            module=(name,),
            variables={"PORT": str(port)},
            ready_url=url,
            port=("PORT", "127.0.0.1", port),
            stage=stage,
            grace=grace,
        )

    return make


def pids(lines: Lines) -> Iterator[int]:
    return (int(line.split()[1]) for _, line in lines.shown if line.startswith("listening"))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_programs_start_stage_by_stage_and_end_together(
    program: Callable[..., Program],
) -> None:
    lines = Lines()
    supervisor = Supervisor([program("second", SERVER), program("first", SERVER, stage=0)], lines)
    await supervisor.start()
    assert [name for name, _ in lines.shown] == ["first", "second"]
    await supervisor.stop()
    assert not any(is_alive(pid) for pid in pids(lines))


async def test_one_that_refuses_is_quoted(program: Callable[..., Program]) -> None:
    refuser = program("refuser", REFUSER)
    waited_for = Program(
        name="refuser", module=("refuser",), ready_url="http://127.0.0.1:9/", port=refuser.port
    )
    lines = Lines()
    supervisor = Supervisor([program("server", SERVER, stage=0), waited_for], lines)
    with pytest.raises(StartupError, match="NAME is not set: set it"):
        await supervisor.start()
    await supervisor.stop()
    assert not any(is_alive(pid) for pid in pids(lines))


async def test_one_that_dies_is_started_again(program: Callable[..., Program]) -> None:
    lines = Lines()
    supervisor = Supervisor([program("server", SERVER)], lines)
    await supervisor.start()
    watching = asyncio.get_running_loop().create_task(supervisor.watch())
    os.kill(next(pids(lines)), signal.SIGKILL)
    async with asyncio.timeout(15):
        while len(list(pids(lines))) < 2:
            await asyncio.sleep(0.05)
    assert "server ended (signal SIGKILL)" in lines.notes[0]
    watching.cancel()
    await supervisor.stop()


async def test_one_that_does_not_listen_is_ended_when_its_grace_is_over(
    program: Callable[..., Program],
) -> None:
    supervisor = Supervisor([program("stubborn", STUBBORN, grace=0.3)], Lines())
    await supervisor.start()
    child = supervisor.children[0]
    while not child.last_line:
        await asyncio.sleep(0.02)
    await supervisor.stop()
    assert not child.is_alive


def test_a_taken_port_is_named_before_anything_starts(
    program: Callable[..., Program],
) -> None:
    server = program("server", SERVER)
    assert server.port is not None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port[2]))
        taken.listen()
        with pytest.raises(StartupError, match="PORT: port"):
            Supervisor([server], Lines()).require_free_ports()


class TestUp:
    """`python -m local up`, the whole of it."""

    @pytest.fixture
    def variables(self, tmp_path: Path, make_port: Callable[[], int]) -> dict[str, str]:
        ports = ("PARLEY_PG_PORT", "SIMULATOR_PORT", "BOT_PORT", "API_PORT", "METRICS_PORT")
        tmp_path.chmod(0o755)
        return {"NO_COLOR": "1", **{name: str(make_port()) for name in ports}}

    def start(
        self, variables: dict[str, str], database_url: str, folder: Path
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "local", "up"],
            env={**os.environ, **variables, "DATABASE_URL": database_url},  # noqa: TID251 - a child inherits it
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, up: "subprocess.Popen[str]", words: str) -> str:
        assert up.stdout is not None
        read = ""
        for line in up.stdout:
            read += line
            if words in line:
                return read
        raise AssertionError(read)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
    def test_it_leaves_nothing_behind(
        self,
        variables: dict[str, str],
        database_url: str,
        tmp_path: Path,
        number: signal.Signals,
    ) -> None:
        with self.start(variables, database_url, tmp_path) as up:
            read = self.read_until(up, "stop        Ctrl-C")
            assert f"http://127.0.0.1:{variables['SIMULATOR_PORT']}/" in read
            up.send_signal(number)
            code = up.wait(30)
        assert code == (-9 if number is signal.SIGKILL else 0)
        deadline = time.monotonic() + 20
        for name in ("SIMULATOR_PORT", "BOT_PORT", "API_PORT"):
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", int(variables[name]))):
                        break
                assert time.monotonic() < deadline, name
                time.sleep(0.05)

    def test_a_wrong_setting_ends_it_with_one_sentence(
        self, variables: dict[str, str], database_url: str, tmp_path: Path
    ) -> None:
        with self.start(variables | {"BOT_PORT": "many"}, database_url, tmp_path) as up:
            output = up.communicate(timeout=30)[0]
        assert up.returncode == 1
        assert output.startswith("parley: BOT_PORT is wrong")
        assert output.count("\n") == 1
