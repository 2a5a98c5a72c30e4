"""Who is asked next, and how long anybody is waited for. Time is virtual and jumps."""

import asyncio
import selectors
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from backend.core.tests.llm.conftest import PROMPT
from hypothesis import given, settings
from hypothesis import strategies as st

from core.llm import errors
from core.llm.errors import AllTargetsFailed, ModelError
from core.llm.health import JITTER as HEALTH_JITTER
from core.llm.health import State
from core.llm.model import (
    AttemptFailed,
    AttemptStarted,
    ChatModel,
    Event,
    Finished,
    Prompt,
    Token,
    Working,
)
from core.llm.router import Deadlines, Router
from core.llm.scripted import ScriptedModel, Step
from core.llm.target import Target
from core.llm.usage import NOTHING, CostSource, Price, Usage

T = TypeVar("T")
COMMENT = Working(is_thinking=False)
THOUGHT = Working(is_thinking=True)
JITTER = (0.2, 1.0)
EMPTY = errors.Garbage(provider_code="no_visible_text")


class Jumping(selectors.DefaultSelector):
    """Instead of sleeping, moves the clock."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits for something that never comes"
            self.now += max(timeout, 0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = Jumping()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    events: list[Event]
    error: ModelError | None
    seconds: float

    @property
    def asked(self) -> list[str]:
        return [event.target for event in self.events if isinstance(event, AttemptStarted)]

    @property
    def answer(self) -> str | None:
        last = self.events[-1]
        return last.completion.text if isinstance(last, Finished) else None

    @property
    def failures(self) -> list[type[ModelError]]:
        return [type(event.error) for event in self.events if isinstance(event, AttemptFailed)]


def targets(*models: ChatModel) -> list[Target]:
    return [Target(model=model, window=8192) for model in models]


def play(*models: ChatModel, windows: Sequence[int] = (), **deadlines: Any) -> Played:
    """Ask a router of these models, in virtual time."""
    sizes = [*windows, *[8192] * len(models)]
    targets = [Target(model=m, window=w) for m, w in zip(models, sizes, strict=False)]
    return play_router(Router(targets, Deadlines(**deadlines)))


def play_router(router: Router) -> Played:
    return run(ask_router(router))


def run(story: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)


async def ask_router(router: Router, prompt: Prompt = PROMPT) -> Played:
    events: list[Event] = []
    error: ModelError | None = None
    started = asyncio.get_running_loop().time()
    try:
        async with aclosing(router.stream(prompt)) as stream:
            events = [event async for event in record(stream, events)]
    except ModelError as caught:
        error = caught
    seconds = asyncio.get_running_loop().time() - started
    return Played(events=events, error=error, seconds=round(seconds, 6))


async def record(stream: AsyncGenerator[Event], seen: list[Event]) -> AsyncGenerator[Event]:
    async for event in stream:
        seen.append(event)
        yield event


async def drain(router: Router) -> None:
    async for _ in router.stream(PROMPT):
        pass


def model(name: str, *steps: Step) -> ScriptedModel:
    return ScriptedModel(steps, name=name)


def silences(seconds: float, step: Step, *, times: int) -> list[Step]:
    """The same step again and again, each after a silence."""
    return [seconds, step] * times


class TestOneTarget:
    def test_that_answers(self) -> None:
        played = play(model("a", "Hel", "lo"))
        assert played.events[:3] == [
            # "Be kind." are 3 tokens, "Hello?" 2, and the format takes 8 for each message
            AttemptStarted(target="a", expected=Usage(prompt_tokens=21)),
            Token(text="Hel"),
            Token(text="lo"),
        ]
        assert (played.answer, played.error, played.seconds) == ("Hello", None, 0)

    @pytest.mark.parametrize("error", [errors.Unavailable(), EMPTY])
    def test_is_asked_once_more_after_a_pause(self, error: ModelError) -> None:
        played = play(ScriptedModel([error], ["Hi"], name="a"))
        assert (played.asked, played.answer) == (["a", "a"], "Hi")
        assert JITTER[0] <= played.seconds <= JITTER[1]

    @pytest.mark.parametrize("error", [errors.Unavailable(), errors.RateLimited(), EMPTY])
    def test_is_not_asked_a_third_time(self, error: ModelError) -> None:
        played = play(model("a", error))
        assert played.asked == ["a", "a"]
        assert isinstance(played.error, AllTargetsFailed)
        assert played.error.causes == (error, error)

    @pytest.mark.parametrize(
        "error",
        [
            errors.BadRequest(),
            errors.ContextTooLong(),
            errors.KeyRefused(),
            errors.NoCredit(),
            errors.Gone(),
            errors.TooSlow(),
            errors.Garbage(),
            errors.Broken(),
        ],
    )
    def test_is_not_asked_again_when_that_cannot_help(self, error: ModelError) -> None:
        played = play(ScriptedModel([error], ["Hi"], name="a"))
        assert (played.asked, played.answer) == (["a"], None)

    def test_is_not_asked_again_when_its_failure_took_long(self) -> None:
        assert play(ScriptedModel([1.0, errors.Unavailable()], ["Hi"], name="a")).asked == ["a"]
        assert play(ScriptedModel([0.9, errors.Unavailable()], ["Hi"], name="a")).answer == "Hi"

    def test_is_given_some_time_where_it_does_not_say_how_much(self) -> None:
        played = play(ScriptedModel([errors.RateLimited()], ["Hi"], name="a"))
        assert played.answer == "Hi"
        assert 2 * (1 - HEALTH_JITTER) <= played.seconds <= 2 * (1 + HEALTH_JITTER)

    def test_is_given_the_time_it_asks_for(self) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=4))
        played = play(ScriptedModel([busy], ["Hi"], name="a"))
        assert (played.answer, played.seconds) == ("Hi", 4)

    @pytest.mark.parametrize("seconds", [5.1, 40, 3600])
    def test_that_asks_for_too_much_time_is_not_waited_for(self, seconds: float) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=seconds))
        played = play(ScriptedModel([busy], ["Hi"], name="a"))
        assert (played.asked, played.seconds) == (["a"], 0)

    def test_is_not_waited_for_beyond_the_turn(self) -> None:
        busy = errors.RateLimited(retry_after=timedelta(seconds=4))
        played = play(ScriptedModel([2.0, busy], ["Hi"], name="a"), turn=6.0)
        assert (played.asked, played.seconds) == (["a"], 2)


class TestTheNextTarget:
    @pytest.mark.parametrize(
        ("error", "asked"),
        [
            (errors.Unavailable(), ["a", "b", "c"]),
            (errors.RateLimited(), ["a", "b", "c"]),
            (errors.Garbage(), ["a", "b", "c"]),
            (errors.Gone(), ["a", "b", "c"]),
            (errors.KeyRefused(), ["a", "b", "c"]),
            (errors.NoCredit(), ["a", "b", "c"]),
            (errors.TooSlow(), ["a", "b", "c"]),
            (errors.BadRequest(), ["a", "b"]),
            (errors.Broken(), ["a", "b"]),
            (errors.ContextTooLong(), ["a"]),
            (errors.Declined(), ["a"]),
        ],
    )
    def test_is_asked_at_once_where_it_may_help(self, error: ModelError, asked: list[str]) -> None:
        played = play(*[model(name, error) for name in "abc"])
        assert (played.asked, played.seconds) == (asked, 0)
        assert played.failures == [type(error)] * len(asked)

    def test_answers_for_the_first(self) -> None:
        played = play(model("a", "Half an ans", errors.Broken()), model("b", "Whole"))
        assert played.asked == ["a", "b"]
        assert [type(event) for event in played.events] == [
            *(AttemptStarted, Token, AttemptFailed),
            *(AttemptStarted, Token, Finished),
        ]
        assert played.answer == "Whole"

    def test_a_policy_ends_the_turn(self) -> None:
        error = errors.Declined()
        played = play(model("a", error), model("b"))
        assert played.error is error
        assert played.failures == [errors.Declined]

    def test_a_restart_is_still_one_when_the_next_does_not_begin(self) -> None:
        broken, away = errors.Broken(), errors.Unavailable()
        played = play(model("a", broken), model("b", away), model("c", "Hi"))
        assert (played.asked, played.answer) == (["a", "b", "c"], "Hi")

    def test_a_long_prompt_needs_a_larger_window_than_any_that_was_too_small(self) -> None:
        names = [model(name, errors.ContextTooLong()) for name in "abcd"]
        assert play(*names, windows=[800, 800, 1600, 1200]).asked == ["a", "c"]
        assert play(*names, windows=[800, 400, 1600, 3200]).asked == ["a", "c", "d"]

    def test_the_first_is_asked_once_more_when_all_failed_for_a_moment(self) -> None:
        played = play(
            ScriptedModel([errors.Unavailable()], ["Hi"], name="a"), model("b", errors.Garbage())
        )
        assert (played.asked, played.answer) == (["a", "b", "a"], "Hi")
        assert JITTER[0] <= played.seconds <= JITTER[1]

    def test_who_comes_back_soonest_is_asked_once_more(self) -> None:
        busy = [errors.RateLimited(retry_after=timedelta(seconds=s)) for s in (60, 2)]
        played = play(model("a", busy[0]), ScriptedModel([busy[1]], ["Hi"], name="b"))
        assert (played.asked, played.seconds) == (["a", "b", "b"], 2)

    def test_only_who_failed_for_a_moment_is_asked_once_more(self) -> None:
        played = play(model("a", errors.Unavailable()), model("b", errors.Gone()))
        assert played.asked == ["a", "b", "a"]
        played = play(model("a", errors.TooSlow()), model("b", errors.Gone()))
        assert played.asked == ["a", "b"]

    @pytest.mark.parametrize("attempts", [1, 2, 3])
    def test_attempts_are_counted(self, attempts: int) -> None:
        played = play(*[model(name, errors.Unavailable()) for name in "abcd"], attempts=attempts)
        assert len(played.asked) == attempts


class TestDeadlines:
    def test_a_silent_target_is_left(self) -> None:
        slow = model("a", 21, "late")
        played = play(slow, model("b", "Hi"))
        assert (played.failures, played.answer, played.seconds) == ([errors.TooSlow], "Hi", 20)
        assert slow.interrupted == 1

    def test_comments_are_silence(self) -> None:
        played = play(model("a", *silences(9, COMMENT, times=5), "late"), model("b", "Hi"))
        assert (played.failures, played.seconds) == ([errors.TooSlow], 20)

    def test_thoughts_are_not(self) -> None:
        played = play(model("a", *silences(19, THOUGHT, times=4), "Hi"), model("b"))
        assert (played.answer, played.seconds) == ("Hi", 76)

    def test_the_last_target_has_all_the_time_there_is(self) -> None:
        assert play(model("a", 89, "Hi")).answer == "Hi"
        assert play(model("a", 20), model("b", 89, "Hi")).seconds == 109
        assert play(model("a", 20), model("b", 89, "Hi"), model("c"), attempts=2).answer == "Hi"

    def test_the_last_that_may_help_is_the_last(self) -> None:
        long = errors.ContextTooLong()
        played = play(model("a", long), model("b", 60, "Hi"), model("c"), windows=[800, 1600, 800])
        assert (played.asked, played.answer) == (["a", "b"], "Hi")

    def test_silence_after_text(self) -> None:
        played = play(model("a", "Hel", 26, "lo"), model("b", "Hi"))
        assert (played.failures, played.answer, played.seconds) == ([errors.TooSlow], "Hi", 25)

    def test_an_answer_without_an_end(self) -> None:
        endless = [model(name, *silences(10, "x", times=100)) for name in "ab"]
        played = play(*endless)
        assert (played.failures, played.seconds) == ([errors.TooSlow] * 2, 120)
        assert isinstance(played.error, AllTargetsFailed)

    def test_the_turn_ends_even_if_targets_are_left(self) -> None:
        played = play(*[model(name, 500) for name in "abc"], turn=30.0)
        assert (played.asked, played.seconds) == (["a", "b"], 30)


class Stubborn:
    """Does not come to an end when it is told to."""

    name = "stubborn"

    def __init__(self, *, is_silent: bool) -> None:
        self._is_silent = is_silent

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        try:
            yield Token(text="Hi")
            if self._is_silent:
                await asyncio.sleep(10_000)
            raise errors.Broken
        finally:
            await asyncio.sleep(10_000)


class Sore:
    """Complains about being closed."""

    name = "sore"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        try:
            async for event in ScriptedModel().stream(prompt):
                yield event
        finally:
            raise errors.Unavailable


class Mute:
    name = "mute"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        return
        yield  # makes it a generator


class TestMisbehaviour:
    @pytest.mark.parametrize(
        ("is_silent", "seconds"),
        [(False, 25), (True, 27)],  # 25 of silence, 2 more when silence only begins the cleaning up
    )
    def test_an_end_that_hangs_is_cut(self, *, is_silent: bool, seconds: float) -> None:
        played = play(Stubborn(is_silent=is_silent), model("b", "Hi"))
        assert (played.failures, played.answer) == ([errors.TooSlow], "Hi")
        assert played.seconds == seconds

    def test_a_close_that_hangs_is_cut(self) -> None:
        router = Router([Target(model=Stubborn(is_silent=True), window=8192)])

        async def stop_after_the_first_word() -> float:
            async with aclosing(router.stream(PROMPT)) as events:
                await anext(events)
                assert await anext(events) == Token(text="Hi")
            return asyncio.get_running_loop().time()

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            assert runner.run(stop_after_the_first_word()) == 2

    def test_a_complaint_about_being_closed_is_not_heard(self) -> None:
        played = play(Sore())
        assert (played.answer, played.error) == ("Hello!", None)

    def test_no_end_at_all_is_a_failure(self) -> None:
        played = play(Mute(), model("b", "Hi"))
        assert (played.failures, played.answer) == ([errors.Broken], "Hi")


class TestStopping:
    @pytest.mark.parametrize("steps", [["Hi", 1000], [1000]])
    def test_by_cancelling(self, steps: list[Step]) -> None:
        stopped = model("a", *steps)
        router = Router([Target(model=stopped, window=8192)])
        with pytest.raises(TimeoutError), asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(asyncio.wait_for(drain(router), 1))
        assert stopped.interrupted == 1

    async def test_by_closing(self) -> None:
        stopped = model("a", "Hi", 1000)
        async with aclosing(Router([Target(model=stopped, window=8192)]).stream(PROMPT)) as events:
            await anext(events)
            await anext(events)
        assert stopped.interrupted == 1


class TestRest:
    """Who fails often is asked last."""

    @staticmethod
    def answers(router: Router, *, times: int) -> tuple[list[list[str]], dict[str, State]]:
        """Who was asked for each answer, one after another, and how all are in the end."""

        async def ask() -> list[str]:
            return [
                event.target
                async for event in router.stream(PROMPT)
                if isinstance(event, AttemptStarted)
            ]

        async def ask_all() -> tuple[list[list[str]], dict[str, State]]:
            return [await ask() for _ in range(times)], dict(router.states)

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(ask_all())

    def test_after_three_failures_the_next_is_asked_first(self) -> None:
        down = ScriptedModel([errors.Unavailable()], name="a")
        opened: list[str] = []
        router = Router(targets(down, model("b", "Hi")), opened=opened.append)
        asked, states = self.answers(router, times=5)
        assert asked == [["a", "b"]] * 3 + [["b"]] * 2
        assert opened == ["a"]
        assert states == {"a": State.OPEN, "b": State.CLOSED}

    def test_who_asked_to_be_left_alone_is(self) -> None:
        busy = ScriptedModel([errors.RateLimited(retry_after=timedelta(seconds=9))], name="a")
        router = Router(targets(busy, model("b", "Hi")))
        asked, states = self.answers(router, times=3)
        assert asked == [["a", "b"], ["b"], ["b"]]
        assert set(states.values()) == {State.CLOSED}

    def test_where_all_rest_for_long_nobody_is_asked(self) -> None:
        busy = [errors.RateLimited(retry_after=timedelta(seconds=s)) for s in (40, 20)]
        router = Router(targets(model("a", busy[0]), model("b", busy[1])))

        async def ask() -> Played:
            with pytest.raises(AllTargetsFailed):
                await drain(router)
            await asyncio.sleep(5)
            return await ask_router(router)

        played = run(ask())
        assert played.asked == []
        assert isinstance(played.error, AllTargetsFailed)
        assert played.error.may_pass
        assert played.error.back_in == timedelta(seconds=15)

    def test_where_all_rest_for_a_moment_the_first_to_be_back_is_waited_for(self) -> None:
        busy = [errors.RateLimited(retry_after=timedelta(seconds=s)) for s in (40, 20)]
        b = ScriptedModel([busy[1]], ["Hi"], name="b")
        router = Router(targets(model("a", busy[0]), b))

        async def ask() -> Played:
            with pytest.raises(AllTargetsFailed):
                await drain(router)
            await asyncio.sleep(16)
            return await ask_router(router)

        played = run(ask())
        assert (played.asked, played.answer, played.seconds) == (["b"], "Hi", 4)

    def test_the_only_one_is_never_left(self) -> None:
        router = Router(targets(ScriptedModel(*[[errors.Gone()]] * 4, ["Hi"], name="a")))

        async def ask() -> bool:
            for _ in range(4):
                with pytest.raises(AllTargetsFailed):
                    await drain(router)
            await drain(router)
            return True

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            assert runner.run(ask())

    async def test_who_is_not_heard_to_the_end_says_nothing_about_a_target(self) -> None:
        router = Router(targets(model("a", "Hel", "lo"), model("b", "Hi")))
        for _ in range(5):
            async with aclosing(router.stream(PROMPT)) as events:
                async for event in events:
                    if isinstance(event, Token):
                        break
        assert router.states == {"a": State.CLOSED, "b": State.CLOSED}


class TestMoney:
    """A prompt of 21 tokens at 2 and 6 micro-dollars a token."""

    PRICE = Price(prompt=Decimal(2), completion=Decimal(6))
    PROMPT_COST = Usage(prompt_tokens=21, cost_micros=42, cost_source=CostSource.ESTIMATED)

    def play(self, *steps: Step) -> Played:
        first = Target(
            model=model("a", *steps), window=8192, prices=(self.PRICE,), credential="work"
        )
        return play_router(Router([first, *targets(model("b", "Hi"))]))

    def test_is_expected_before_the_call(self) -> None:
        started = self.play("Hi").events[0]
        assert started == AttemptStarted(
            target="a", credential="work", expected=self.PROMPT_COST, price=self.PRICE
        )

    def test_of_an_answer_is_estimated_where_the_provider_does_not_tell_it(self) -> None:
        last = self.play("Hello").events[-1]
        assert isinstance(last, Finished)
        # 10 prompt tokens at 2 and 5 of the answer at 6
        assert last.completion.usage.cost_micros == 50
        assert last.completion.usage.cost_source is CostSource.ESTIMATED

    @pytest.mark.parametrize(
        "error",
        [
            errors.RateLimited(),
            errors.KeyRefused(),
            errors.Gone(),
            errors.Unavailable(http_status=503),
            errors.Unavailable(provider_code="ConnectionRefusedError"),
        ],
    )
    def test_is_not_taken_for_a_refusal(self, error: ModelError) -> None:
        assert self.failed(error) == NOTHING

    @pytest.mark.parametrize(
        "error",
        [errors.Unavailable(provider_code="ReadError"), errors.Garbage(), errors.TooSlow()],
    )
    def test_may_have_been_taken_where_nobody_can_know(self, error: ModelError) -> None:
        assert self.failed(error) == self.PROMPT_COST

    def test_of_what_broke_off_includes_what_was_said(self) -> None:
        # "Half an answer" are 14 bytes of ASCII, so 5 tokens at 6
        expected = replace(self.PROMPT_COST, completion_tokens=5, cost_micros=42 + 30)
        assert self.failed("Half an answer", errors.Broken()) == expected

    def test_of_a_failure_is_what_the_provider_tells(self) -> None:
        error = errors.Garbage()
        error.spent = Usage(prompt_tokens=7, completion_tokens=1)
        spent = Usage(
            prompt_tokens=7, completion_tokens=1, cost_micros=20, cost_source=CostSource.ESTIMATED
        )
        assert self.failed(error) == spent

    def test_that_a_question_may_cost_at_most(self) -> None:
        first = Target(model=model("a"), window=8192, answer=100, prices=(self.PRICE,))
        router = Router([first, *targets(model("b"))])
        assert router.expected(PROMPT) == Usage(
            prompt_tokens=21,
            completion_tokens=100,
            cost_micros=642,
            cost_source=CostSource.ESTIMATED,
        )

    def failed(self, *steps: Step) -> Usage:
        (failed,) = (x for x in self.play(*steps).events if isinstance(x, AttemptFailed))
        return failed.spent


def test_a_router_is_named_after_its_first_target() -> None:
    assert Router(targets(model("a"), model("b"))).name == "a"


def test_who_cannot_read_the_question_is_not_asked() -> None:
    assert play(model("a", "one"), model("b", "two"), windows=[4, 8192]).asked == ["b"]
    assert isinstance(play(model("a", "one"), windows=[4]).error, errors.ContextTooLong)


def test_a_router_needs_a_target() -> None:
    with pytest.raises(ValueError, match="needs a target"):
        Router([])


steps = st.lists(
    st.sampled_from(["word ", COMMENT, THOUGHT])
    | st.floats(0, 150)
    | st.sampled_from(
        [
            *(errors.BadRequest(), errors.ContextTooLong(), errors.Declined(), errors.Gone()),
            *(errors.KeyRefused(), errors.Unavailable(), errors.Garbage(), errors.Broken()),
            errors.RateLimited(retry_after=timedelta(seconds=3)),
        ]
    ),
    max_size=6,
)


@settings(deadline=None)  # a loop and up to three calls for each example
@given(st.lists(steps, min_size=1, max_size=4), st.lists(st.integers(100, 300), max_size=4))
def test_every_turn_ends_in_one_answer_or_one_error(
    scripts: list[list[Step]], windows: list[int]
) -> None:
    played = play(*[model(str(i), *script) for i, script in enumerate(scripts)], windows=windows)
    assert (played.answer is None) is (played.error is not None)
    assert played.seconds <= Deadlines().turn
    assert 1 <= len(played.asked) <= Deadlines().attempts
    assert len(played.failures) + (played.answer is not None) == len(played.asked)
    if played.answer is not None:
        kinds = [type(event) for event in played.events]
        begin = len(kinds) - 1 - kinds[::-1].index(AttemptStarted)
        shown = [event.text for event in played.events[begin:] if isinstance(event, Token)]
        assert "".join(shown) == played.answer
