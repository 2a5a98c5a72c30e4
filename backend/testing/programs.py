"""The product's programs as processes that start at once.

Each is forked from one process that has imported them all: importing takes seconds of a core, which
dozens of starts would pay again. From there on all is as after `python -m bot`: `__main__` runs
with arguments, environment, folder and output of its own, and signals reach it by its pid.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    ["bot.app", "bot.check", "bot.ask", "api.server", "api.app", "simulator.app"]
)


@dataclass(slots=True, frozen=True)
class Running:
    """A process with the part of `subprocess.Popen` that tests use."""

    forked: ForkServerProcess

    @property
    def pid(self) -> int:
        assert self.forked.pid is not None
        return self.forked.pid

    def poll(self) -> int | None:
        """Its exit code, below zero for a signal; None while it runs."""
        return self.forked.exitcode

    def wait(self, seconds: float) -> int:
        self.forked.join(seconds)
        code = self.poll()
        if code is None:
            raise TimeoutError(f"process {self.pid} still runs after {seconds} s")
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    module: str,
    *arguments: str,
    variables: Mapping[str, str],
    folder: Path,
    output: Path,
    errors: Path | None = None,
    given: Path = Path(os.devnull),
) -> Running:
    """`python -m module arguments` there, with just these variables; what it writes is appended."""
    forked = _forks.Process(
        target=_become,
        args=(module, arguments, dict(variables), folder, output, errors or output, given),
        daemon=True,  # ends with the tests at the latest
    )
    forked.start()
    return Running(forked)


def run(
    module: str,
    *arguments: str,
    variables: Mapping[str, str],
    folder: Path,
    given: str = "",
    seconds: float = 60,
) -> "subprocess.CompletedProcess[str]":
    """The same until its end, with `given` on its standard input."""
    with tempfile.TemporaryDirectory(prefix="parley-run-") as name:
        output, errors, stdin = (Path(name) / each for each in ("output", "errors", "input"))
        stdin.write_text(given)
        running = start(
            module,
            *arguments,
            variables=variables,
            folder=folder,
            output=output,
            errors=errors,
            given=stdin,
        )
        try:
            code = running.wait(seconds)
        finally:
            running.kill()
        return subprocess.CompletedProcess(
            [module, *arguments], code, output.read_text(), errors.read_text()
        )


def _become(
    module: str,
    arguments: tuple[str, ...],
    variables: dict[str, str],
    folder: Path,
    output: Path,
    errors: Path,
    given: Path,
) -> None:
    os.environ.clear()  # noqa: TID251 - a program's own environment
    os.environ.update(variables)  # noqa: TID251
    os.chdir(folder)
    append = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    for number, path, flags in ((0, given, os.O_RDONLY), (1, output, append), (2, errors, append)):
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
