"""The writers as a process of their own."""

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import StartupError
from local.bench_stats.endpoint import end
from local.postgres import end_with_parent

#: until the writers are at their rate
_WARM_UP_SECONDS = 4.0


@dataclass(slots=True)
class Written:
    """What the writers achieved; known once they have ended."""

    turns: int = 0
    rate: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0


@contextmanager
def writing(url: str, *, rate: float, folder: Path) -> Generator[Written]:
    """Write at this rate for as long as the block runs; all is delivered when it has ended."""
    written = Written()
    with (folder / "writer.log").open("w+") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "local.bench_stats.writer", url, str(rate)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl; nothing else can do it
        )
        try:
            time.sleep(_WARM_UP_SECONDS)
            yield written
            if process.poll() is not None:
                log.seek(0)
                raise StartupError(f"The writers ended by themselves: {log.read()[-500:]}")
        finally:
            end(process)
        assert process.stdout is not None
        told = json.loads(process.stdout.read())
    written.turns, written.rate = told["turns"], told["rate"]
    written.p50_ms, written.p95_ms = told["p50_ms"], told["p95_ms"]
