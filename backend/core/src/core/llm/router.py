"""Which model is asked, in which order, and for how long.

The only place that tries again. It never waits without an end: each silence has a deadline, and so
have the attempt and the turn. Every failure is an event, so nothing fails silently. A behaviour of
one target (a breaker, a cool-down) is another `ChatModel` around it.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice

from core.llm import errors
from core.llm.errors import AllTargetsFailed, ModelError
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

#: failures that may be over in a moment
_FLEETING = (errors.Unavailable, errors.RateLimited, errors.Garbage)
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


class Router:
    """The first target, and the others when it fails; a `ChatModel` itself."""

    def __init__(self, targets: Sequence[Target], deadlines: Deadlines | None = None) -> None:
        if not targets:
            raise ValueError("a router needs a target")
        self._targets = tuple(targets)
        self._deadlines = deadlines or Deadlines()

    @property
    def name(self) -> str:
        return self._targets[0].model.name

    @property
    def window(self) -> int:
        """The primary's window, by which prompts are fitted."""
        return self._targets[0].window

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        """Raises AllTargetsFailed, or Declined when a provider declines the content."""
        causes: list[ModelError] = []
        end = _now() + self._deadlines.turn
        for number, target in enumerate(self._candidates(causes), start=1):
            if number > len(self._targets):
                await asyncio.sleep(_pause(causes[-1]))
            if _now() >= end:
                break
            is_last = number >= min(len(self._targets), self._deadlines.attempts)
            yield AttemptStarted(target=target.model.name)
            try:
                async with aclosing(self._attempt(target, prompt, end, is_last=is_last)) as events:
                    async for event in events:
                        yield event
            except ModelError as error:
                yield AttemptFailed(error=error)
                if isinstance(error, errors.Declined):
                    raise
                causes.append(error)
            else:
                return
        raise AllTargetsFailed(tuple(causes))

    def _candidates(self, causes: list[ModelError]) -> Iterator[Target]:
        """Targets in order, decided one by one as `causes` grows; each at most once, but for one
        more try of the first when all that went wrong may be over in a moment.
        """

        def listed() -> Iterator[Target]:
            for target in self._targets:
                if self._may_follow(causes, target):
                    yield target
            if causes and all(isinstance(cause, _FLEETING) for cause in causes):
                yield self._targets[0]

        return islice(listed(), self._deadlines.attempts)

    def _may_follow(self, causes: list[ModelError], target: Target) -> bool:
        refusals = [cause for cause in causes if isinstance(cause, errors.BadRequest)]
        if any(isinstance(cause, errors.ContextTooLong) for cause in refusals):
            return target.window > self.window
        restarts = sum(isinstance(cause, errors.Broken) for cause in causes)
        return len(refusals) <= 1 and restarts <= 1

    async def _attempt(
        self, target: Target, prompt: Prompt, end: float, *, is_last: bool
    ) -> AsyncGenerator[Event]:
        """One call within its deadlines."""
        limits = self._deadlines
        started = _now()
        end = min(end, started + limits.attempt)
        # The last target is all that is left: better a late answer than none.
        silent_until = end if is_last else min(end, started + limits.first_token)
        async with aclosing(target.model.stream(prompt)) as events:
            while True:
                event = await _next(events, silent_until)
                if isinstance(event, Token) or (isinstance(event, Working) and event.is_thinking):
                    silent_until = min(end, _now() + limits.idle)
                yield event
                if isinstance(event, Finished):
                    return


async def _next(events: AsyncGenerator[Event], deadline: float) -> Event:
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(events)
    except TimeoutError:
        raise errors.TooSlow from None
    except StopAsyncIteration:
        raise errors.Broken(provider_code="ended early") from None


def _pause(cause: ModelError) -> float:
    pause = random.uniform(*_PAUSE_SECONDS)  # noqa: S311 - spreads load, guards nothing
    if cause.retry_after is not None:
        pause = max(pause, cause.retry_after.total_seconds())
    return min(pause, _LONGEST_PAUSE_SECONDS)


def _now() -> float:
    return asyncio.get_running_loop().time()
