"""Which model is asked, in which order, and for how long.

The only place that tries again. It never waits without an end: each silence has a deadline, and so
have the attempt, the turn and the closing of a connection. Every failure is an event, so nothing
fails silently. A target that fails often, or was asked to be left alone, rests (`core.llm.health`):
others are asked first, and where all rest, the one that is back soonest.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from core.llm import errors
from core.llm.errors import AllTargetsFailed, ModelError
from core.llm.fitting import fit, size
from core.llm.health import Health, State
from core.llm.model import (
    AttemptFailed,
    AttemptStarted,
    ChatModel,
    Event,
    Finished,
    Prompt,
)
from core.llm.priced import Priced
from core.llm.timed import Timed
from core.llm.tokens import estimate_tokens
from core.llm.usage import Price, Usage, price_on, priced

#: failures that may be over in a moment
_FLEETING = (errors.Unavailable, errors.RateLimited, errors.Garbage, errors.Broken)
#: full jitter, so that many turns that failed together do not come back together
_PAUSE_SECONDS = (0.2, 1.0)
_LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds. A comment of the provider is not a token; reasoning is."""

    first_token: float = 20.0
    idle: float = 25.0
    attempt: float = 90.0
    turn: float = 120.0
    attempts: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    model: ChatModel
    #: tokens of prompt and answer together
    window: int
    #: of these the answer may take
    answer: int = 0
    #: the account that pays
    credential: str | None = None
    prices: tuple[Price, ...] = ()

    @property
    def budget(self) -> int:
        """Tokens of prompt."""
        return max(self.window - self.answer, self.window // 2)

    @property
    def price(self) -> Price | None:
        """Of today."""
        return price_on(datetime.now(UTC).date(), self.prices)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    target: Target
    error: ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    prompt: Prompt
    started: AttemptStarted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    target: Target
    pause: float = 0.0
    is_last: bool


class Router:
    """The first target, and the others when it fails; a `ChatModel` itself."""

    def __init__(
        self,
        targets: Sequence[Target],
        deadlines: Deadlines | None = None,
        *,
        opened: Callable[[str], object] = lambda _: None,
    ) -> None:
        """`opened` is told the name of a target that is left alone from now on."""
        if not targets:
            raise ValueError("a router needs a target")
        self._targets = tuple(targets)
        self._deadlines = deadlines or Deadlines()
        self._health = {
            target: Health(_now, opened=partial(opened, target.model.name)) for target in targets
        }

    @property
    def name(self) -> str:
        return self._targets[0].model.name

    @property
    def states(self) -> Mapping[str, State]:
        """Of the breaker of each target."""
        return {target.model.name: health.state for target, health in self._health.items()}

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        """Raises AllTargetsFailed, ContextTooLong when no window is large enough for the question,
        or Declined when a provider declines the content.
        """
        fitting = self._fitting(prompt)
        first = next(iter(fitting))
        failures: list[_Failure] = []
        end = _now() + self._deadlines.turn
        while step := self._next_step(tuple(fitting), failures, end):
            await asyncio.sleep(step.pause)
            call = self._call(
                step.target,
                fitting[step.target],
                is_fallback=step.target != first or bool(failures),
            )
            yield call.started
            health = self._health[step.target]
            health.began()
            try:
                async with aclosing(self._model(step, call, end).stream(call.prompt)) as events:
                    async for event in events:
                        if isinstance(event, Finished):
                            health.succeeded()
                        yield event
            except ModelError as error:
                health.failed(error)
                failures.append(_Failure(target=step.target, error=error))
                yield AttemptFailed(error=error, spent=error.spent)
                if isinstance(error, errors.Declined):
                    raise
            else:
                return
            finally:
                health.ended()
        raise AllTargetsFailed(tuple(x.error for x in failures), back_in=self._back_in(fitting))

    def expected(self, prompt: Prompt) -> Usage:
        """What the first target would take at most, estimated: the prompt and the longest answer.

        Raises ContextTooLong when no window is large enough for the question.
        """
        target, fitting = next(iter(self._fitting(prompt).items()))
        usage = Usage(prompt_tokens=_tokens(fitting), completion_tokens=target.answer)
        return priced(usage, target.price)

    def _call(self, target: Target, prompt: Prompt, *, is_fallback: bool) -> _Call:
        price = target.price
        return _Call(
            prompt=prompt,
            started=AttemptStarted(
                target=target.model.name,
                credential=target.credential,
                expected=priced(Usage(prompt_tokens=_tokens(prompt)), price),
                price=price,
                is_fallback=is_fallback,
            ),
        )

    def _model(self, step: _Step, call: _Call, end: float) -> ChatModel:
        """The target within its deadlines, with the price of what it says."""
        limits = self._deadlines
        end = min(end, _now() + limits.attempt)
        # The last target is all that is left: better a late answer than none.
        silent_until = end if step.is_last else _now() + limits.first_token
        timed = Timed(step.target.model, end=end, silent_until=silent_until, idle=limits.idle)
        return Priced(timed, expected=call.started.expected, price=call.started.price)

    def _fitting(self, prompt: Prompt) -> dict[Target, Prompt]:
        """What each target gets to see, of those that can read the question."""
        fitting = {}
        for target in self._targets:
            with suppress(errors.ContextTooLong):
                fitting[target] = fit(prompt, budget=target.budget, estimate=estimate_tokens)
        if not fitting:
            raise errors.ContextTooLong
        return fitting

    def _back_in(self, targets: Iterable[Target]) -> timedelta:
        soonest = min(self._health[target].rests_until for target in targets)
        return timedelta(seconds=max(0.0, soonest - _now()))

    def _next_step(
        self, targets: Sequence[Target], failures: Sequence[_Failure], end: float
    ) -> _Step | None:
        """The next target that may help; after the last one, one more try of what was fleeting."""
        attempts_left = self._deadlines.attempts - len(failures)
        if attempts_left <= 0 or _now() >= end:
            return None
        tried = [failure.target for failure in failures]
        fresh = [x for x in targets if x not in tried and _may_help(x, failures)]
        if fresh:
            is_last = len(fresh) == 1 or attempts_left == 1
            return _Step(target=self._most_likely(fresh), is_last=is_last)
        return _once_more(failures, end)

    def _most_likely(self, targets: Sequence[Target]) -> Target:
        """The first that does not rest; better one that rests than none."""
        awake = (target for target in targets if self._health[target].is_open_to_calls)
        return next(awake, min(targets, key=lambda target: self._health[target].rests_until))


def _may_help(target: Target, failures: Sequence[_Failure]) -> bool:
    """Whether a target may succeed where others failed like this: a prompt that was too long needs
    a larger window, a bad request may be one target's opinion, an answer restarts only once.
    """
    refused = broken = 0
    for failure in failures:
        match failure.error:
            case errors.ContextTooLong():
                if target.window <= failure.target.window:
                    return False
            case errors.BadRequest():
                refused += 1
            case errors.Broken():
                broken += 1
    return refused <= 1 and broken <= 1


def _once_more(failures: Sequence[_Failure], end: float) -> _Step | None:
    """The target that comes back soonest, if all failed for a moment and none was tried twice."""
    tried = [failure.target for failure in failures]
    if any(tried.count(target) > 1 for target in tried):
        return None
    if not all(isinstance(failure.error, _FLEETING) for failure in failures):
        return None
    soonest = min(failures, key=_wait)
    pause = max(_wait(soonest), random.uniform(*_PAUSE_SECONDS))  # noqa: S311 - spreads load only
    if pause > _LONGEST_PAUSE_SECONDS or _now() + pause >= end:
        return None
    is_allowed = _may_help(soonest.target, failures)
    return _Step(target=soonest.target, pause=pause, is_last=True) if is_allowed else None


def _wait(failure: _Failure) -> float:
    """Seconds the provider asked for."""
    asked = failure.error.retry_after
    return asked.total_seconds() if asked else 0.0


def _tokens(prompt: Prompt) -> int:
    return size(prompt, estimate=estimate_tokens)


def _now() -> float:
    return asyncio.get_running_loop().time()
