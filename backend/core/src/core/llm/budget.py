"""How many second calls a process may make. Pure."""

from collections import deque
from collections.abc import Callable

#: seconds that are looked back on
WINDOW = 60.0
#: of the calls in that time
SHARE = 0.1
#: so many are always allowed, for a bot of a few people
AT_LEAST = 3


class RetryBudget:
    """When providers fail, calls that are made again must not be what keeps them down (*Site
    Reliability Engineering*, 2016, chapter 21). `clock` tells seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()

    @property
    def is_spent(self) -> bool:
        self._forget()
        return len(self._retries) >= max(AT_LEAST, SHARE * len(self._calls))

    def note_call(self, *, is_retry: bool) -> None:
        self._calls.append(self._clock())
        if is_retry:
            self._retries.append(self._clock())

    def _forget(self) -> None:
        begin = self._clock() - WINDOW
        for moments in (self._calls, self._retries):
            while moments and moments[0] <= begin:
                moments.popleft()
