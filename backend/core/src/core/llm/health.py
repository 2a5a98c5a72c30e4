"""Whether a target, or the account behind it, is worth asking: a circuit breaker, and the pause
that a provider asked for.

Three states, after M. Nygard, *Release It!* (2007). Closed: calls go through and are watched. Open:
it rests. Half open: its rest is over and one call tries it; success closes it, a failure opens it
for twice as long. Pure: the clock is given, and nothing waits here.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum, auto

from core.llm import errors
from core.llm.errors import ModelError

#: seconds that are looked back on
WINDOW = 60.0
#: in that window so many calls, of which half failed, open it
MANY = 5
#: or so many failures one after another: a bot of a few people has few calls in a minute
IN_A_ROW = 3
REST = 15.0
LONGEST_REST = 300.0
#: of a rest, so that many processes do not come back together
JITTER = 0.2
#: a model that does not exist may be back after a typo upstream, but not soon
GONE = 3600.0
#: a key that was refused is refused again until somebody does something about it
REFUSED = 600.0
#: so often an account without money is looked at
NO_CREDIT = 300.0
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


class Scope(StrEnum):
    """What an error says something about."""

    TARGET = auto()
    #: the account, and so all targets that it pays for
    CREDENTIAL = auto()
    #: how often an account may ask, which a gateway counts apart for its free models
    ALLOWANCE = auto()


#: successes that close it again: one more than by chance, but a key that works works
ENOUGH = {Scope.TARGET: 2, Scope.CREDENTIAL: 1, Scope.ALLOWANCE: 1}


def scope_of(error: ModelError) -> Scope:
    match error:
        case errors.Refused():
            return Scope.CREDENTIAL
        case errors.RateLimited(is_account_wide=True):
            return Scope.ALLOWANCE
    return Scope.TARGET


class Health:
    """Of one target or account in one process. `clock` tells seconds that never go back."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        scope: Scope = Scope.TARGET,
        opened: Callable[[], object] = lambda: None,
    ) -> None:
        self._clock = clock
        self._opened = opened
        self._enough = ENOUGH[scope]
        self._outcomes: deque[tuple[float, bool]] = deque()
        self._failures_in_a_row = 0
        self._pauses_in_a_row = 0
        self._pause_until = float("-inf")
        self._open_until: float | None = None
        self._rest = REST
        self._successes = 0
        self._is_tried = False
        self._reason: ModelError | None = None

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

    @property
    def paused_until(self) -> float:
        """The same for what the provider asked for alone."""
        return self._pause_until

    @property
    def reason(self) -> ModelError | None:
        """Why it rests, or is tried."""
        is_well = self.state is State.CLOSED and self._pause_until <= self._clock()
        return None if is_well else self._reason

    @contextmanager
    def call(self) -> Iterator["Call"]:
        """A call to it. In half open, the first is the one that tries; of one that nobody waits
        for to the end, nothing is said.
        """
        is_trial = self.state is State.HALF_OPEN and not self._is_tried
        self._is_tried = self._is_tried or is_trial
        try:
            yield Call(self, is_trial=is_trial)
        finally:
            if is_trial:
                self._is_tried = False

    def succeeded(self) -> None:
        self._pauses_in_a_row = self._failures_in_a_row = 0
        if self._open_until is None:
            self._remember(is_success=True)
            return
        self._successes += 1
        if self._successes >= self._enough:
            self.recover()

    def failed(self, error: ModelError, *, is_trial: bool) -> None:
        match error:
            case errors.RateLimited():
                self._pause(error)
            case errors.Gone():
                self._open(GONE, error)
            case errors.KeyRefused():
                self._open(REFUSED, error)
            case errors.NoCredit():
                self._open(NO_CREDIT, error)
            case _ if isinstance(error, _FAILURES):
                self._fail(error, is_trial=is_trial)

    def recover(self) -> None:
        """It is known to be well."""
        self._open_until = None
        self._rest = REST
        self._failures_in_a_row = 0
        self._outcomes.clear()

    def _fail(self, error: ModelError, *, is_trial: bool) -> None:
        if self._open_until is not None:
            # Of many calls that fail together, the ones that end later say nothing new.
            if is_trial:
                self._rest = min(self._rest * 2, LONGEST_REST)
                self._open(self._rest, error)
            return
        self._remember(is_success=False)
        self._failures_in_a_row += 1
        failures = sum(not is_success for _, is_success in self._outcomes)
        is_mostly_failing = len(self._outcomes) >= MANY and failures * 2 >= len(self._outcomes)
        if is_mostly_failing or self._failures_in_a_row >= IN_A_ROW:
            self._open(self._rest, error)

    def _pause(self, error: ModelError) -> None:
        guessed = min(PAUSE * 2.0**self._pauses_in_a_row, LONGEST_GUESSED_PAUSE)
        self._pauses_in_a_row += 1
        self._reason = error
        asked = error.retry_after.total_seconds() if error.retry_after else _spread(guessed)
        self._pause_until = max(self._pause_until, self._clock() + min(asked, LONGEST_PAUSE))

    def _open(self, seconds: float, error: ModelError) -> None:
        was_closed = self._open_until is None
        self._open_until = self._clock() + _spread(seconds)
        self._successes = 0
        self._reason = error
        if was_closed:
            self._opened()

    def _remember(self, *, is_success: bool) -> None:
        now = self._clock()
        self._outcomes.append((now, is_success))
        while self._outcomes[0][0] <= now - WINDOW:
            self._outcomes.popleft()


class Call:
    def __init__(self, health: Health, *, is_trial: bool) -> None:
        self._health = health
        self._is_trial = is_trial

    def succeeded(self) -> None:
        self._health.succeeded()

    def failed(self, error: ModelError) -> None:
        self._health.failed(error, is_trial=self._is_trial)


def _spread(seconds: float) -> float:
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load only
