"""Looks from outside whether an event loop still turns, and says where it stands if it does not.

    with watch(histogram.observe):
        ...

Whoever waits for a slow computation or a call that blocks waits with everybody else of the process,
and nothing of the loop itself can tell. The thread that looks does nothing for the loop: above all
it renews no lease. A process that stands is as good as dead to the others, and may not be stopped
from losing its work to one that goes on; when it wakes it finds itself fenced.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from core.logging import get_logger

log = get_logger(__name__)

_STEP_SECONDS = 0.25
#: Steps without an answer after which a loop counts as standing. A process that was frozen as a
#: whole, or a machine that slept, is one step older then, and not accused.
_STEPS = 4
_OURS = frozenset({"api", "bot", "core"})
#: calls of ours, the innermost first
_FRAMES = 4


@contextmanager
def watch(stood: Callable[[float], None]) -> Generator[None]:
    """Watch the running loop of this thread; `stood` is told, in another thread, the seconds of
    each stall that is over, a quarter of a second too few at most.
    """
    watched = _Watched(loop=asyncio.get_running_loop(), stood=stood)
    thread = threading.Thread(target=watched.look, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        watched.over.set()
        thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watched:
    loop: asyncio.AbstractEventLoop
    stood: Callable[[float], None]
    thread_id: int = field(default_factory=threading.get_ident)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        while not self.over.wait(_STEP_SECONDS):
            turned = threading.Event()
            asked = time.monotonic()
            self.loop.call_soon_threadsafe(turned.set)
            if not self._waits_for(turned, steps=_STEPS):
                self._mark(turned, asked)

    def _mark(self, turned: threading.Event, asked: float) -> None:
        """At once, for a loop may stand for ever; and how long it was, if it goes on."""
        log.warning("event_loop_stalled", where=_place(self.thread_id), seconds=_since(asked))
        while not self.over.is_set():
            if turned.wait(_STEP_SECONDS):
                seconds = _since(asked)
                log.warning("event_loop_turns_again", seconds=seconds)
                self.stood(seconds)
                return

    def _waits_for(self, turned: threading.Event, *, steps: int) -> bool:
        return any(turned.wait(_STEP_SECONDS) or self.over.is_set() for _ in range(steps))


def _since(moment: float) -> float:
    return round(time.monotonic() - moment, 2)


def _place(thread_id: int) -> str:
    """Where the thread is in our own code, else wherever it is: modules and lines, never values."""
    places = list(_places(sys._current_frames().get(thread_id)))  # noqa: SLF001 - there is no other
    ours = [place for place in places if place.partition(".")[0] in _OURS]
    return " < ".join(ours[:_FRAMES] or places[:1])


def _places(frame: FrameType | None) -> Iterator[str]:
    while frame:
        yield f"{frame.f_globals.get('__name__')}:{frame.f_lineno}"
        frame = frame.f_back
