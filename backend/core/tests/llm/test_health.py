"""When a target is left alone, and when it is tried again."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.llm import errors, health
from core.llm.errors import ModelError
from core.llm.health import (
    GONE,
    IN_A_ROW,
    JITTER,
    LONGEST_PAUSE,
    LONGEST_REST,
    MANY,
    NO_CREDIT,
    REFUSED,
    REST,
    WINDOW,
    Call,
    Health,
    Scope,
    State,
)

DOWN = errors.Unavailable()
OWN_FAILURES = [errors.Unavailable(), errors.Garbage(), errors.Broken(), errors.TooSlow()]
OTHERS_FAULTS = [
    errors.BadRequest(),
    errors.ContextTooLong(),
    errors.Declined(),
]


class Watched:
    """A target's health on a clock that the test moves."""

    def __init__(self, scope: Scope = Scope.TARGET) -> None:
        self.now = 1000.0
        self.openings = 0
        self.health = Health(lambda: self.now, scope=scope, opened=self._open)

    def _open(self) -> None:
        self.openings += 1

    def call(self, *outcomes: ModelError | None) -> None:
        for outcome in outcomes:
            with self.health.call() as call:
                if outcome is None:
                    call.succeeded()
                else:
                    call.failed(outcome)

    def state(self) -> State:
        return self.health.state

    @property
    def rest(self) -> float:
        return self.health.rests_until - self.now

    def sleep(self) -> None:
        """Until its rest is over."""
        self.now = max(self.now, self.health.rests_until)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def near(seconds: float) -> tuple[float, float]:
    return seconds * (1 - JITTER), seconds * (1 + JITTER)


class TestClosed:
    def test_it_is_at_first(self, watched: Watched) -> None:
        assert watched.state() is State.CLOSED
        assert watched.health.is_open_to_calls

    def test_calls_go_through_side_by_side(self, watched: Watched) -> None:
        with watched.health.call():
            assert watched.health.is_open_to_calls

    @pytest.mark.parametrize("error", OWN_FAILURES)
    def test_some_failures_in_a_row_open_it(self, watched: Watched, error: ModelError) -> None:
        watched.call(*[error] * (IN_A_ROW - 1))
        assert watched.state() is State.CLOSED
        watched.call(error)
        assert watched.state() is State.OPEN
        assert not watched.health.is_open_to_calls
        assert watched.openings == 1
        assert near(REST)[0] <= watched.rest <= near(REST)[1]

    def test_a_success_between_starts_the_count_again(self, watched: Watched) -> None:
        watched.call(*[None] * 6, DOWN, DOWN, None, DOWN, DOWN)
        assert watched.state() is State.CLOSED
        assert watched.openings == 0

    @pytest.mark.parametrize(
        "before",
        [
            (None, DOWN, None, DOWN),  # then 3 of 5
            (DOWN, None, DOWN, None, None),  # then 3 of 6
        ],
    )
    def test_half_of_many_open_it(
        self, watched: Watched, before: tuple[ModelError | None, ...]
    ) -> None:
        assert MANY == 5
        watched.call(*before)
        assert watched.state() is State.CLOSED
        watched.call(DOWN)
        assert watched.state() is State.OPEN

    def test_a_third_of_many_does_not(self, watched: Watched) -> None:
        watched.call(None, None, DOWN, None, None, DOWN)
        assert watched.state() is State.CLOSED

    def test_what_is_long_ago_does_not_count(self, watched: Watched) -> None:
        watched.call(DOWN, None, DOWN)
        watched.now += WINDOW
        watched.call(None, DOWN)
        assert watched.state() is State.CLOSED

    @pytest.mark.parametrize("error", OTHERS_FAULTS)
    def test_what_is_not_its_fault_does_not_count(
        self, watched: Watched, error: ModelError
    ) -> None:
        watched.call(*[error] * 20)
        assert watched.state() is State.CLOSED
        assert watched.health.is_open_to_calls

    def test_a_model_that_does_not_exist_is_left_alone_for_long(self, watched: Watched) -> None:
        watched.call(errors.Gone())
        assert watched.state() is State.OPEN
        assert near(GONE)[0] <= watched.rest <= near(GONE)[1]


class TestHalfOpen:
    @pytest.fixture(autouse=True)
    def over(self, watched: Watched) -> None:
        watched.call(*[DOWN] * IN_A_ROW)
        watched.sleep()

    def test_it_is_when_the_rest_is_over(self, watched: Watched) -> None:
        assert watched.state() is State.HALF_OPEN
        assert watched.health.is_open_to_calls

    def test_one_call_tries_it(self, watched: Watched) -> None:
        with watched.health.call():
            assert not watched.health.is_open_to_calls
        assert watched.health.is_open_to_calls

    def test_one_beside_it_that_fails_says_nothing_new(self, watched: Watched) -> None:
        with watched.health.call(), watched.health.call() as beside:
            beside.failed(DOWN)
        assert watched.state() is State.HALF_OPEN

    def test_two_that_succeed_close_it(self, watched: Watched) -> None:
        watched.call(None)
        assert watched.state() is State.HALF_OPEN
        watched.call(None)
        assert watched.state() is State.CLOSED

    def test_one_that_fails_doubles_its_rest_up_to_an_end(self, watched: Watched) -> None:
        rest = REST
        for _ in range(8):
            watched.call(DOWN)
            rest = min(rest * 2, LONGEST_REST)
            assert near(rest)[0] <= watched.rest <= near(rest)[1]
            watched.sleep()
        assert rest == LONGEST_REST

    def test_its_next_rest_is_short_again_once_it_was_closed(self, watched: Watched) -> None:
        watched.call(DOWN)
        watched.sleep()
        watched.call(None, None, *[DOWN] * IN_A_ROW)
        assert watched.rest <= near(REST)[1]

    @pytest.mark.parametrize("later", [(DOWN, DOWN), (None, DOWN)])
    def test_what_was_before_does_not_count_once_it_was_closed(
        self, watched: Watched, later: tuple[ModelError | None, ...]
    ) -> None:
        watched.call(None, None, *later)
        assert watched.state() is State.CLOSED

    def test_nor_once_it_is_known_to_be_well(self, watched: Watched) -> None:
        watched.health.recover()
        watched.call(DOWN, DOWN)
        assert watched.state() is State.CLOSED

    def test_that_it_stays_open_is_told_once(self, watched: Watched) -> None:
        watched.call(DOWN)
        watched.sleep()
        watched.call(DOWN)
        assert watched.openings == 1


class TestPauses:
    @pytest.mark.parametrize(("asked", "pause"), [(4, 4), (40, 40), (86_400, LONGEST_PAUSE)])
    def test_what_it_asks_for_is_kept(self, watched: Watched, asked: float, pause: float) -> None:
        watched.call(errors.RateLimited(retry_after=timedelta(seconds=asked)))
        assert watched.rest == pytest.approx(pause)
        assert watched.state() is State.CLOSED
        assert not watched.health.is_open_to_calls
        assert watched.openings == 0

    def test_where_it_asks_for_nothing_they_grow(self, watched: Watched) -> None:
        pauses = []
        for _ in range(8):
            watched.call(errors.RateLimited())
            pauses.append(watched.rest)
            watched.sleep()
        expected = [2, 4, 8, 16, 32, 60, 60, 60]
        assert all(
            near(e)[0] <= p <= near(e)[1] + 1e-6 for p, e in zip(pauses, expected, strict=True)
        )

    def test_there_is_no_reason_any_more_when_they_are_over(self, watched: Watched) -> None:
        error = errors.RateLimited()
        watched.call(error)
        assert watched.health.reason is error
        watched.sleep()
        assert watched.health.reason is None

    def test_they_begin_anew_after_an_answer(self, watched: Watched) -> None:
        watched.call(errors.RateLimited(), errors.RateLimited(), errors.RateLimited())
        watched.sleep()
        watched.call(None, errors.RateLimited())
        assert watched.rest <= near(2)[1]


_OUTCOMES = st.sampled_from([None, *OWN_FAILURES, *OTHERS_FAULTS, errors.RateLimited()])
_STEPS = st.lists(st.tuples(st.floats(0, 400), _OUTCOMES), max_size=60)


@given(_STEPS)
def test_whatever_happens_it_is_asked_again_in_time(
    steps: Sequence[tuple[float, ModelError | None]],
) -> None:
    watched = Watched()
    for seconds, outcome in steps:
        watched.now += seconds
        watched.call(outcome)
        assert watched.rest <= max(LONGEST_PAUSE, LONGEST_REST * (1 + JITTER))
        if outcome is None:
            assert watched.state() is not State.OPEN or watched.rest > 0
    watched.sleep()
    assert watched.health.is_open_to_calls


@given(_STEPS)
def test_without_a_failure_of_its_own_it_never_opens(
    steps: Sequence[tuple[float, ModelError | None]],
) -> None:
    watched = Watched()
    for seconds, outcome in steps:
        watched.now += seconds
        watched.call(None if type(outcome) in {type(error) for error in OWN_FAILURES} else outcome)
    assert watched.state() is State.CLOSED
    assert watched.openings == 0


class TestAccounts:
    """What opens the breaker of an account."""

    @pytest.fixture
    def account(self) -> Watched:
        return Watched(Scope.CREDENTIAL)

    @pytest.mark.parametrize(
        ("error", "rest"), [(errors.KeyRefused(), REFUSED), (errors.NoCredit(), NO_CREDIT)]
    )
    def test_it_is_left_alone_when_it_is_refused(
        self, account: Watched, error: ModelError, rest: float
    ) -> None:
        account.call(error)
        assert account.state() is State.OPEN
        assert near(rest)[0] <= account.rest <= near(rest)[1]
        assert account.health.reason is error

    def test_one_call_that_succeeds_is_enough(self, account: Watched) -> None:
        account.call(errors.KeyRefused())
        account.sleep()
        assert account.state() is State.HALF_OPEN
        account.call(None)
        assert account.state() is State.CLOSED
        assert account.health.reason is None

    def test_it_is_well_when_somebody_knows(self, account: Watched) -> None:
        account.call(errors.NoCredit())
        account.health.recover()
        assert account.state() is State.CLOSED
        assert account.health.is_open_to_calls


class HealthMachine(RuleBasedStateMachine):
    """Calls begin and end in any order, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.watched = Watched()
        self.running: list[tuple[ExitStack, Call, bool]] = []

    @rule()
    def begin_where_allowed(self) -> None:
        if self.watched.health.is_open_to_calls:
            self.begin()

    @rule()
    def begin(self) -> None:
        """Also where nobody should: whoever has one target asks it whatever it is like."""
        is_allowed = self.watched.health.is_open_to_calls
        is_half_open = self.watched.state() is State.HALF_OPEN
        stack = ExitStack()
        call = stack.enter_context(self.watched.health.call())
        self.running.append((stack, call, is_allowed and is_half_open))

    @rule(outcome=_OUTCOMES, which=st.integers(0, 20))
    def end(self, outcome: ModelError | None, which: int) -> None:
        if not self.running:
            return
        stack, call, _ = self.running.pop(which % len(self.running))
        with stack:
            if outcome is None:
                call.succeeded()
            else:
                call.failed(outcome)

    @rule(which=st.integers(0, 20))
    def leave(self, which: int) -> None:
        if self.running:
            self.running.pop(which % len(self.running))[0].close()

    @rule(seconds=st.floats(0, 700))
    def wait(self, seconds: float) -> None:
        self.watched.now += seconds

    @invariant()
    def never_two_trials(self) -> None:
        assert sum(is_trial for _, _, is_trial in self.running) <= 1

    @invariant()
    def a_trial_keeps_others_away(self) -> None:
        is_tried = any(is_trial for _, _, is_trial in self.running)
        if is_tried and self.watched.state() is State.HALF_OPEN:
            assert not self.watched.health.is_open_to_calls

    @invariant()
    def a_rest_has_an_end(self) -> None:
        assert self.watched.rest <= max(LONGEST_PAUSE, LONGEST_REST * (1 + JITTER))


TestMachine = HealthMachine.TestCase
TestMachine.settings = settings(deadline=None)


def test_more_failures_never_shorten_a_rest() -> None:
    """Of targets that are tried again and again, each time in vain."""
    rests = []
    for failures in range(1, 12):
        watched = Watched()
        for _ in range(failures):
            watched.sleep()
            watched.call(DOWN)
        rests.append(max(0.0, watched.rest))
    for shorter, longer in pairwise(rests):
        assert longer >= shorter * (1 - JITTER) / (1 + JITTER)


def test_rests_are_shorter_and_longer_so_that_processes_do_not_come_back_together() -> None:
    rests = []
    for _ in range(60):
        watched = Watched()
        watched.call(*[DOWN] * IN_A_ROW)
        rests.append(watched.rest)
    assert min(rests) < REST < max(rests)


def test_rests_are_those_that_the_guide_tells() -> None:
    assert (health.WINDOW, health.MANY, health.IN_A_ROW) == (60, 5, 3)
    assert (health.REST, health.LONGEST_REST, health.JITTER) == (15, 5 * 60, 0.2)
    assert (health.GONE, health.REFUSED, health.NO_CREDIT) == (60 * 60, 10 * 60, 5 * 60)
    assert (health.PAUSE, health.LONGEST_GUESSED_PAUSE, health.LONGEST_PAUSE) == (2, 60, 15 * 60)
    assert health.ENOUGH == {Scope.TARGET: 2, Scope.CREDENTIAL: 1, Scope.ALLOWANCE: 1}
