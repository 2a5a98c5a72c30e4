"""Telegram's limit for a bot as a whole: so many calls a second, shared by its processes.

Parts of answers have it all. What only shows that an answer grows takes what is left over, never
more than half, and is dropped where nothing is.
"""

import time
from collections import deque
from collections.abc import Callable

#: a loop that may send at once still looks around now and then
_IDLE_SECONDS = 1.0


class Pace:
    def __init__(
        self, calls_per_second: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """0: as fast as can be."""
        self._all = calls_per_second
        self._clock = clock
        self._calls: deque[float] = deque()
        self.share_with(1)

    def share_with(self, processes: int) -> None:
        """So many processes of the bot send at the moment, this one included."""
        share = self._all / max(1, processes)
        #: calls within so many seconds; less than one a second is one in more
        self._limit = max(1, int(share))
        self._seconds = max(1.0, 1 / share) if share else 0.0

    @property
    def is_off(self) -> bool:
        return self._all == 0

    def room(self) -> int:
        """How many calls may be made now."""
        return self._limit - self._used() if self._all else _PLENTY

    def spend(self, calls: int) -> None:
        if self._all:
            self._calls.extend([self._clock()] * calls)

    def spare(self) -> bool:
        """Whether a call that nobody would miss may be made now; if so it counts as made."""
        if self._all and self._used() >= max(1, self._limit // 2):
            return False
        self.spend(1)
        return True

    def pause(self) -> float:
        """Seconds until there is room again, or until it is time to look around."""
        if self.room() > 0:
            return _IDLE_SECONDS
        return min(_IDLE_SECONDS, self._calls[-self._limit] + self._seconds - self._clock())

    def _used(self) -> int:
        past = self._clock() - self._seconds
        while self._calls and self._calls[0] <= past:
            self._calls.popleft()
        return len(self._calls)


_PLENTY = 1_000_000
