"""Whether a target is worth asking: a circuit breaker, and the pause that a provider asked for.

Three states, after M. Nygard, *Release It!* (2007). Closed: calls go through and are watched. Open:
the target rests. Half open: its rest is over and one call tries it; two that succeed close it, one
that fails opens it for twice as long. Pure: the clock is given, and nothing waits here.
"""

import random
from collections import deque
from collections.abc import Callable
from enum import StrEnum

from core.llm import errors
from core.llm.errors import ModelError

#: seconds that are looked back on
WINDOW = 60.0
#: in that window so many calls, of which half failed, open it
MANY = 5
#: or so many failures one after another: a bot of a few people has few calls in a minute
IN_A_ROW = 3
#: successes that close it again
ENOUGH = 2
REST = 15.0
LONGEST_REST = 300.0
#: of a rest, so that many processes do not come back together
JITTER = 0.2
#: a model that does not exist may be back after a typo upstream, but not soon
GONE = 3600.0
#: what a provider asks for with a 429 is believed up to here
LONGEST_PAUSE = 900.0
#: without a word from the provider: doubled each time, up to the longest
PAUSE = 2.0
LONGEST_GUESSED_PAUSE = 60.0

#: the target's own failures; a bad request is not one
_FAILURES = (errors.Unavailable, errors.Garbage, errors.Broken, errors.TooSlow)


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Health:
    """Of one target in one process. `clock` tells seconds that never go back."""

    def __init__(
        self, clock: Callable[[], float], *, opened: Callable[[], object] = lambda: None
    ) -> None:
        self._clock = clock
        self._opened = opened
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._failures_in_a_row = 0
        self._pauses_in_a_row = 0
        self._pause_until = float("-inf")
        self._open_until: float | None = None
        self._rest = REST
        self._successes = 0
        self._is_tried = False

    @property
    def state(self) -> State:
        if self._open_until is None:
            return State.CLOSED
        return State.OPEN if self._clock() < self._open_until else State.HALF_OPEN

    @property
    def is_open_to_calls(self) -> bool:
        return self.rests_until <= self._clock() and not self._is_tried

    @property
    def rests_until(self) -> float:
        """By the clock; a moment that has passed when it may be asked."""
        return max(self._pause_until, self._open_until or float("-inf"))

    def began(self) -> None:
        """A call begins; in half open it is the one that tries, even if nobody waited for that."""
        self._is_tried = self.state is not State.CLOSED

    def succeeded(self) -> None:
        self._pauses_in_a_row = self._failures_in_a_row = 0
        if self._open_until is None:
            self._remember(is_success=True)
            return
        self._successes += 1
        if self._successes >= ENOUGH:
            self._close()

    def failed(self, error: ModelError) -> None:
        match error:
            case errors.RateLimited():
                self._pause(error)
            case errors.Gone():
                self._open(GONE)
            case _ if isinstance(error, _FAILURES):
                self._fail()

    def ended(self) -> None:
        """The call is over; of one that nobody waited for, nothing was said."""
        self._is_tried = False

    def _fail(self) -> None:
        if self._open_until is not None:
            self._rest = min(self._rest * 2, LONGEST_REST)
            self._open(self._rest)
            return
        self._remember(is_success=False)
        self._failures_in_a_row += 1
        failures = sum(not is_success for _, is_success in self._outcomes)
        is_mostly_failing = len(self._outcomes) >= MANY and failures * 2 >= len(self._outcomes)
        if is_mostly_failing or self._failures_in_a_row >= IN_A_ROW:
            self._open(self._rest)

    def _pause(self, error: ModelError) -> None:
        guessed = min(PAUSE * 2.0**self._pauses_in_a_row, LONGEST_GUESSED_PAUSE)
        self._pauses_in_a_row += 1
        asked = error.retry_after.total_seconds() if error.retry_after else _spread(guessed)
        self._pause_until = max(self._pause_until, self._clock() + min(asked, LONGEST_PAUSE))

    def _open(self, seconds: float) -> None:
        was_closed = self._open_until is None
        self._open_until = self._clock() + _spread(seconds)
        self._successes = 0
        if was_closed:
            self._opened()

    def _close(self) -> None:
        self._open_until = None
        self._rest = REST
        self._failures_in_a_row = 0
        self._outcomes.clear()

    def _remember(self, *, is_success: bool) -> None:
        now = self._clock()
        self._outcomes.append((now, is_success))
        while self._outcomes[0][0] <= now - WINDOW:
            self._outcomes.popleft()


def _spread(seconds: float) -> float:
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load only
