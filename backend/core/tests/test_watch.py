"""Whether a loop that stands is marked, with its place, and one that turns is left alone."""

import asyncio
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator

import pytest
from structlog.testing import capture_logs

from core import failpoints, watch
from core.failpoints import Action, Failpoint, Order


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    monkeypatch.setattr(watch, "_STEP_SECONDS", 0.05)
    yield
    failpoints.arm(())


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


async def test_a_loop_that_stands_is_marked_where_it_stands() -> None:
    stalls: list[float] = []
    failpoints.arm([Order(point=Failpoint.TOKEN_CAME, action=Action.BLOCK, seconds=1)])
    with capture_logs() as logged, watch.watch(stalls.append):
        await asyncio.sleep(0.1)
        failpoints.reach(Failpoint.TOKEN_CAME)
        await until(lambda: bool(stalls))
    [stalled, again] = logged
    assert stalled["event"] == "event_loop_stalled"
    assert re.fullmatch(r"core\.failpoints:\d+( < core\.failpoints:\d+){2}", stalled["where"])
    assert 0.15 < stalled["seconds"] < 0.95
    [seconds] = stalls
    assert again == {
        "event": "event_loop_turns_again",
        "seconds": seconds,
        "log_level": "warning",
    }
    assert 0.85 < seconds < 3


async def test_outside_of_our_own_code_it_is_told_where_that_is() -> None:
    with capture_logs() as logged, watch.watch(lambda _: None):
        time.sleep(0.8)
        await until(lambda: len(logged) == 2)
    assert re.fullmatch(r"[\w.]*test_watch:\d+", logged[0]["where"])


async def test_each_stall_is_told() -> None:
    stalls: list[float] = []
    with watch.watch(stalls.append):
        for told in (1, 2):
            time.sleep(0.5)
            await until(lambda: len(stalls) == told)  # noqa: B023 - called at once


async def test_a_loop_that_turns_is_left_alone_and_the_thread_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "_STEP_SECONDS", 0.25)  # a busy machine is no stall
    stalls: list[float] = []
    threads = threading.active_count()
    with capture_logs() as logged, watch.watch(stalls.append):
        assert threading.active_count() == threads + 1
        for _ in range(130):
            await asyncio.sleep(0.01)
    assert threading.active_count() == threads
    assert (logged, stalls) == ([], [])


FROZEN = """
import asyncio, sys
from core import watch

async def run():
    with watch.watch(lambda seconds: print("stood", flush=True)):
        print("runs", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await asyncio.sleep(0.6)

asyncio.run(run())
"""


def test_a_process_that_was_frozen_as_a_whole_is_not_accused() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FROZEN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "runs\n"
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        process.send_signal(signal.SIGCONT)
        said, _ = process.communicate()
    assert (process.returncode, said) == (0, "")
