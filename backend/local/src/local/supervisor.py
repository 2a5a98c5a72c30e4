"""Runs programs as children: started in order, watched, restarted, and ended together.

Each child has a session of its own, so that Ctrl-C reaches the supervisor alone, and dies with the
supervisor however that dies.
"""

import asyncio
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby

from core.errors import StartupError
from core.net import require_free_port
from local.plan import Program
from local.postgres import end_with_parent
from local.terminal import Terminal

_READY_SECONDS = 60.0
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
_LONG_LINE = 1024 * 1024


class Child:
    """A program and the process that runs it at the moment."""

    def __init__(self, program: Program, terminal: Terminal) -> None:
        self.program = program
        self._terminal = terminal
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self.last_line = ""

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *self.program.module,
            env=os.environ | self.program.variables | {"PYTHONUNBUFFERED": "1"},  # noqa: TID251 - children inherit it
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
            limit=_LONG_LINE,
        )
        self._reader = asyncio.get_running_loop().create_task(self._show_lines(self._process))

    async def wait_until_ready(self) -> None:
        """Raises StartupError with the child's own last words when it ends instead."""
        url = self.program.ready_url
        if url is None:
            return
        deadline = asyncio.get_running_loop().time() + _READY_SECONDS
        while not await asyncio.to_thread(_answers, url):
            if not self.is_alive:
                await self.wait()
                raise StartupError(self.last_line or f"{self.program.name} ended at once.")
            if asyncio.get_running_loop().time() > deadline:
                raise StartupError(f"{self.program.name} did not get ready: its lines say why.")
            await asyncio.sleep(0.05)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def wait(self) -> int:
        assert self._process is not None
        code = await self._process.wait()
        if self._reader:
            await self._reader
        return code

    async def stop(self) -> None:
        """Ask it to end, and make it end when its grace is over."""
        if not self.is_alive or self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self.program.grace):
                await self.wait()
        except TimeoutError:
            self.kill()
            await self.wait()

    def kill(self) -> None:
        if self.is_alive and self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _show_lines(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip()
            if line:
                self.last_line = line
                self._terminal.line(self.program.name, line)


class Supervisor:
    def __init__(self, programs: Sequence[Program], terminal: Terminal) -> None:
        self._terminal = terminal
        ordered = sorted(programs, key=lambda program: program.stage)
        self.children = [Child(program, terminal) for program in ordered]
        self._is_stopping = False

    def require_free_ports(self) -> None:
        """Raises StartupError for the first port that is taken."""
        for child in self.children:
            if child.program.port:
                require_free_port(*child.program.port)

    async def start(self) -> None:
        """Start stage by stage, each when the one before is ready; raises StartupError."""
        for _, stage in groupby(self.children, lambda child: child.program.stage):
            try:
                async with asyncio.TaskGroup() as tasks:
                    for child in stage:
                        tasks.create_task(self._start(child))
            except ExceptionGroup as group:
                raise group.exceptions[0] from None

    async def watch(self) -> None:
        """Restart, for ever, what ends by itself."""
        async with asyncio.TaskGroup() as tasks:
            for child in self.children:
                tasks.create_task(self._keep_alive(child))

    async def stop(self) -> None:
        """End all, the last stage first: what a program talks to ends after it."""
        self._is_stopping = True
        for _, stage in groupby(self.children[::-1], lambda child: child.program.stage):
            async with asyncio.TaskGroup() as tasks:
                for child in stage:
                    tasks.create_task(child.stop())

    def kill(self) -> None:
        for child in self.children:
            child.kill()

    async def _start(self, child: Child) -> None:
        await child.start()
        await child.wait_until_ready()

    async def _keep_alive(self, child: Child) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            started = asyncio.get_running_loop().time()
            code = await child.wait()
            if self._is_stopping:
                return
            if asyncio.get_running_loop().time() - started > _LONGEST_PAUSE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            self._terminal.note(
                f"{child.program.name} ended ({_ending(code)}); it is started again in {pause:g} s"
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            await child.start()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)  # noqa: PLR2004 - HTTP's OK
    except (OSError, urllib.error.URLError):
        return False


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
