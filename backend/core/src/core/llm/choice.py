"""Who is asked next. Pure: who rests, and for how long, is told; nothing waits here."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.fitting import fit, size, trimmed
from core.llm.model import Prompt
from core.llm.purpose import is_about_code
from core.llm.target import Chains, Target

#: seconds for which a worker may wait for a target while nobody else can be asked
LONGEST_WAIT = 5.0
#: what rounding leaves of a wait that is over
_INSTANT = 1e-6
#: a failure as quick as this may be over as quickly
_QUICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    target: Target
    prompt: Prompt
    error: ModelError
    #: seconds that the call took
    took: float = 0.0
    #: seconds until the same target may be asked again, so that not all come back together
    pause: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A call to make."""

    target: Target
    prompt: Prompt
    #: nobody is left to ask after it
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nobody can be asked yet, but soon."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is left to a question."""

    attempts: int
    seconds: float
    #: seconds for which it has waited since its last call
    waited: float = 0.0


class Choice:
    """Of targets for one question.

    `rest` tells for how many seconds one should not be asked. Raises ContextTooLong when no window
    is large enough for the question, and BadRequest when it has images and nobody sees.
    """

    def __init__(self, chains: Chains, prompt: Prompt, rest: Callable[[Target], float]) -> None:
        self._rest = rest
        able = [x for x in chains.all if x.sees_images or not prompt.has_images]
        if not able:
            raise errors.BadRequest(provider_code="nobody_sees_images")
        self._fitting = dict(_fitting(able, prompt))
        if not self._fitting:
            raise errors.ContextTooLong
        self._chains = Chains(
            default=self._ordered(chains.default, prompt),
            context_window=self._readers(chains.context_window),
            content_policy=self._readers(chains.content_policy),
            last_resort=self._readers(chains.last_resort),
        )

    @property
    def first(self) -> Step:
        """The call to make if all are well."""
        target = next(iter(self._pool(())), next(iter(self._fitting)))
        return Step(target=target, prompt=self._fitting[target], is_last=False)

    def next_step(self, failures: Sequence[Failure], limits: Limits) -> Step | Wait | None:
        """None when nobody can help in time."""
        if limits.attempts <= 0 or limits.seconds <= 0:
            return None
        if failures and (again := _with_less_history(failures)):
            return again
        fresh = self._fresh(failures, is_last=limits.attempts == 1)
        awake = [target for target in fresh if self._rest(target) <= 0]
        if awake:
            is_last = len(awake) == 1 or limits.attempts == 1
            return Step(target=awake[0], prompt=self._fitting[awake[0]], is_last=is_last)
        return self._wait(fresh, failures, limits)

    @property
    def able(self) -> Iterable[Target]:
        """All that can read the question, and see it."""
        return self._fitting

    def _fresh(self, failures: Sequence[Failure], *, is_last: bool) -> list[Target]:
        """Whom to ask who has not been asked, the best first."""
        tried = {failure.target for failure in failures}
        pool = self._pool(failures)
        if failures and is_last:
            pool = [*self._chains.last_resort, *pool]
        useful = (x for x in dict.fromkeys(pool) if x not in tried and _may_help(x, failures))
        return list(useful)

    def _pool(self, failures: Sequence[Failure]) -> Sequence[Target]:
        chains = self._chains
        if any(isinstance(failure.error, errors.Declined) for failure in failures):
            return chains.content_policy
        was_too_long = any(isinstance(x.error, errors.ContextTooLong) for x in failures)
        if was_too_long or not chains.default:
            return [*chains.context_window, *chains.default, *chains.last_resort]
        return [*chains.default, *chains.last_resort]

    def _wait(
        self, fresh: Sequence[Target], failures: Sequence[Failure], limits: Limits
    ) -> Step | Wait | None:
        """For whoever is back soonest: one that rests, or one that failed for a moment."""
        again = {x.target: x for x in failures if _may_be_asked_again(x, failures)}
        waits = {target: self._rest(target) for target in fresh}
        for target, failure in again.items():
            waits[target] = max(self._rest(target), failure.pause - limits.waited)
        if not waits:
            return None
        target = min(waits, key=lambda target: waits[target])
        seconds = waits[target]
        if limits.waited + seconds > LONGEST_WAIT or seconds >= limits.seconds:
            return None
        if seconds > _INSTANT:
            return Wait(seconds=seconds)
        prompt = again[target].prompt if target in again else self._fitting[target]
        return Step(target=target, prompt=prompt, is_last=True)

    def _readers(self, targets: Iterable[Target]) -> tuple[Target, ...]:
        return tuple(target for target in targets if target in self._fitting)

    def _ordered(self, targets: Iterable[Target], prompt: Prompt) -> tuple[Target, ...]:
        readers = self._readers(targets)
        if not is_about_code(prompt.question.content):
            return readers
        return tuple(sorted(readers, key=lambda target: not target.is_for_code))


def _fitting(targets: Iterable[Target], prompt: Prompt) -> Iterable[tuple[Target, Prompt]]:
    """What each gets to see, of those that can read the question."""
    for target in targets:
        with suppress(errors.ContextTooLong):
            yield target, fit(prompt, budget=target.budget)


def _with_less_history(failures: Sequence[Failure]) -> Step | None:
    """Once, to the target that has just found the dialog too long."""
    last = failures[-1]
    if not isinstance(last.error, errors.ContextTooLong) or _were_asked_twice(failures):
        return None
    shorter = trimmed(last.prompt)
    is_shorter = size(shorter) < size(last.prompt)
    return Step(target=last.target, prompt=shorter, is_last=False) if is_shorter else None


def _may_help(target: Target, failures: Sequence[Failure]) -> bool:
    """Whether a target may succeed where others failed like this: a prompt that was too long needs
    a larger window, a bad request may be one provider's opinion, an answer restarts only once.
    """
    refused = broken = 0
    for failure in failures:
        match failure.error:
            case errors.ContextTooLong():
                if target.window <= failure.target.window:
                    return False
            case errors.Declined():
                pass
            case errors.BadRequest():
                refused += 1
                if target.provider and target.provider == failure.target.provider:
                    return False
            case errors.Broken():
                broken += 1
    return refused <= 1 and broken <= 1


def _may_be_asked_again(failure: Failure, failures: Sequence[Failure]) -> bool:
    if _were_asked_twice(failures) or not _may_help(failure.target, failures):
        return False
    match failure.error:
        case errors.RateLimited():
            return True
        case errors.Unavailable():
            return failure.took < _QUICK_SECONDS
        case errors.Garbage(provider_code="no_visible_text"):
            return True
    return False


def _were_asked_twice(failures: Sequence[Failure]) -> bool:
    """One of them: a question comes to the same target a second time once."""
    return len({failure.target for failure in failures}) < len(failures)
