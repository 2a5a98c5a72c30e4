"""What the programs of a run cost: processor time and memory, from the system's own accounts."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil

_EVERY_SECONDS = 1.0
_NAMES = {"local.load.crowd": "locust"}


@dataclass(slots=True)
class Cost:
    #: of one core, from the first to the last look
    cores: float = 0.0
    #: the most at any look; 0 for PostgreSQL, whose processes share theirs
    megabytes: float = 0.0


@dataclass(slots=True)
class Usage:
    """Costs by program, for as long as each was seen."""

    costs: dict[str, Cost] = field(default_factory=dict)
    _first: dict[str, tuple[float, float]] = field(default_factory=dict)

    def look(self) -> None:
        for name, process in _children():
            now = time.monotonic()
            with suppress(psutil.Error):
                spent, cost = _seconds(process), self.costs.setdefault(name, Cost())
                began, before = self._first.setdefault(name, (now, spent))
                if now > began:
                    cost.cores = (spent - before) / (now - began)
                if name != "postgres":
                    cost.megabytes = max(cost.megabytes, process.memory_info().rss / 1e6)


@asynccontextmanager
async def watched() -> AsyncGenerator[Usage]:
    """The programs that this process has started, until the end of the block."""
    usage = Usage()

    async def look() -> None:
        while True:
            await asyncio.to_thread(usage.look)
            await asyncio.sleep(_EVERY_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look())
        yield usage
        looking.cancel()


def _children() -> Iterator[tuple[str, psutil.Process]]:
    for process in psutil.Process().children():
        with suppress(psutil.Error):
            words = process.cmdline()
            if "-m" in words:
                module = words[words.index("-m") + 1]
                yield _NAMES.get(module, module), process
            elif words and words[0].endswith("postgres"):
                yield "postgres", process


def _seconds(process: psutil.Process) -> float:
    """Of it and of all whom it has started, also of those who have ended."""
    spent = process.cpu_times()
    own = spent.user + spent.system + spent.children_user + spent.children_system
    return float(own + sum(_seconds(child) for child in process.children()))
