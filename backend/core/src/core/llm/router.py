"""Targets in the order in which they are tried: the one place that decides about another call.

A call may hang, break off, or answer with something that is no answer. So every wait has a
deadline, and every failure is an event, so nothing fails silently. A target that fails often, or
was asked to be left alone, rests, and so does an account that is refused (`core.llm.health`):
others are asked first (`core.llm.choice`). Where all rest for longer than is worth waiting for, the
question is given back with the time when somebody will be there again.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from core.llm import errors
from core.llm.breaking import Breakers, Breaking, Watch
from core.llm.budget import RetryBudget
from core.llm.choice import Choice, Failure, Limits, Step, Wait
from core.llm.errors import AllTargetsFailed, ModelError
from core.llm.fitting import size
from core.llm.health import Health, Scope, State
from core.llm.model import AttemptFailed, AttemptStarted, ChatModel, Event, Prompt
from core.llm.outlook import Kind, Outlook, Standing
from core.llm.priced import Priced
from core.llm.target import Chains, Target
from core.llm.timed import Timed
from core.llm.usage import Usage, priced

#: full jitter, so that many turns that failed together do not come back together
_PAUSE_SECONDS = (0.2, 1.0)
#: until a target that another question is trying may be known to be well
_TRIAL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds. A comment of the provider is not a token; reasoning is."""

    first_token: float = 20.0
    idle: float = 25.0
    attempt: float = 90.0
    turn: float = 120.0
    attempts: int = 3


class Router:
    """The first target, and the others when it fails; a `ChatModel` itself."""

    def __init__(
        self,
        targets: Sequence[Target] | Chains,
        deadlines: Deadlines | None = None,
        *,
        opened: Callable[[str], object] = lambda _: None,
        spared: Callable[[], object] = lambda: None,
    ) -> None:
        """`opened` is told the name of a target or account that is left alone from now on; `spared`
        is called for each call that was not made because too many are made again.
        """
        chains = targets if isinstance(targets, Chains) else Chains(default=tuple(targets))
        if not chains.default:
            raise ValueError("a router needs a target")
        self._chains = chains
        self._deadlines = deadlines or Deadlines()
        self._spared = spared
        self._budget = RetryBudget(_now)
        self._accounts = {
            name: Health(_now, scope=Scope.CREDENTIAL, opened=partial(opened, f"account {name}"))
            for name in dict.fromkeys(x.credential for x in chains.all if x.credential)
        }
        allowances = {name: Health(_now, scope=Scope.ALLOWANCE) for name in self._accounts}
        self._breakers = {
            target: Breakers(
                target=Health(_now, opened=partial(opened, target.name)),
                credential=self._accounts.get(target.credential or ""),
                allowance=allowances.get(target.credential or "") if target.is_free else None,
            )
            for target in chains.all
        }

    @property
    def name(self) -> str:
        return self._chains.default[0].name

    @property
    def sees_images(self) -> bool:
        return any(target.sees_images for target in self._chains.all)

    @property
    def states(self) -> Mapping[str, State]:
        """Of the breaker of each target."""
        return {target.name: x.target.state for target, x in self._breakers.items()}

    @property
    def accounts(self) -> Mapping[str, Health]:
        return self._accounts

    def distrust(self, account: str, error: ModelError) -> None:
        """It is known to be refused, though no question was."""
        self._accounts[account].failed(error, is_trial=False)

    @property
    def standings(self) -> Sequence[Standing]:
        targets = (_standing(Kind.TARGET, x.name, b.target) for x, b in self._breakers.items())
        accounts = (_standing(Kind.ACCOUNT, name, x) for name, x in self._accounts.items())
        return [*targets, *accounts]

    @property
    def outlook(self) -> Outlook:
        """Of a question without anything special."""
        targets = self._chains.default
        resting = sum(self._breakers[target].rests_until > _now() for target in targets)
        return Outlook(targets=len(targets), resting=resting, back_in=self._back_in(targets))

    def expected(self, prompt: Prompt) -> Usage:
        """What the first target would take at most, estimated: the prompt and the longest answer.

        Raises ContextTooLong when no window is large enough for the question.
        """
        first = self._choice(prompt).first
        tokens = size(first.prompt)
        usage = Usage(prompt_tokens=tokens, completion_tokens=first.target.answer)
        return priced(usage, first.target.price)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        """Raises AllTargetsFailed, ContextTooLong when no window is large enough for the question,
        or Declined when the policies of all that may be asked decline the content.
        """
        choice = self._choice(prompt)
        first = choice.first.target
        failures: list[Failure] = []
        end = _now() + self._deadlines.turn
        while step := await self._next_step(choice, failures, end):
            started = _started(step, is_fallback=bool(failures) or step.target != first)
            with self._breakers[step.target].call() as watch:
                yield started
                began = _now()
                try:
                    model = self._model(step, started, watch, end)
                    async with aclosing(model.stream(step.prompt)) as events:
                        async for event in events:
                            yield event
                except ModelError as error:
                    failures.append(_failure(step, error, took=_now() - began))
                else:
                    return
            yield AttemptFailed(error=failures[-1].error, spent=failures[-1].error.spent)
        raise _verdict(failures, back_in=self._back_in(choice.able))

    def _choice(self, prompt: Prompt) -> Choice:
        return Choice(self._chains, prompt, self._rest)

    def _rest(self, target: Target) -> float:
        """Seconds for which it should not be asked: it rests, or somebody is trying it."""
        breakers = self._breakers[target]
        if len(self._breakers) == 1:  # better one that fails often than nobody
            return max(0.0, breakers.paused_until - _now())
        if breakers.is_open_to_calls:
            return 0.0
        rest = breakers.rests_until - _now()
        return rest if rest > 0 else _TRIAL_SECONDS

    def _back_in(self, targets: Iterable[Target]) -> timedelta:
        soonest = min(self._breakers[target].rests_until for target in targets)
        return timedelta(seconds=max(0.0, soonest - _now()))

    async def _next_step(
        self, choice: Choice, failures: Sequence[Failure], end: float
    ) -> Step | None:
        """Waits, if that is worth it."""
        since = _now()
        while True:
            limits = Limits(
                attempts=self._deadlines.attempts - len(failures),
                seconds=end - _now(),
                waited=_now() - since,
            )
            match choice.next_step(failures, limits):
                case Wait(seconds=seconds):
                    await asyncio.sleep(seconds)
                case Step() as step:
                    return step if self._admit(step, failures) else None
                case None:
                    return None

    def _admit(self, step: Step, failures: Sequence[Failure]) -> bool:
        """Count a call, unless too many are made again; to leave the first target is always
        allowed.
        """
        is_first_fallback = len(failures) == 1 and step.target != failures[0].target
        if failures and not is_first_fallback and self._budget.is_spent:
            self._spared()
            return False
        self._budget.note_call(is_retry=bool(failures))
        return True

    def _model(self, step: Step, call: AttemptStarted, watch: Watch, end: float) -> ChatModel:
        """The target within its deadlines, watched, with the price of what it says."""
        limits = self._deadlines
        end = min(end, _now() + limits.attempt)
        # The last target is all that is left: better a late answer than none.
        silent_until = end if step.is_last else _now() + limits.first_token
        timed = Timed(step.target.model, end=end, silent_until=silent_until, idle=limits.idle)
        return Breaking(Priced(timed, expected=call.expected, price=call.price), watch)


def _started(step: Step, *, is_fallback: bool) -> AttemptStarted:
    price = step.target.price
    tokens = size(step.prompt)
    return AttemptStarted(
        target=step.target.name,
        credential=step.target.credential,
        expected=priced(Usage(prompt_tokens=tokens), price),
        price=price,
        is_fallback=is_fallback,
    )


def _failure(step: Step, error: ModelError, *, took: float) -> Failure:
    pause = random.uniform(*_PAUSE_SECONDS)  # noqa: S311 - spreads load only
    return Failure(target=step.target, prompt=step.prompt, error=error, took=took, pause=pause)


def _verdict(failures: Sequence[Failure], *, back_in: timedelta) -> ModelError:
    """What a question's failures come to."""
    causes = tuple(failure.error for failure in failures)
    for cause in causes:
        if isinstance(cause, errors.Declined):
            return cause
    if causes and all(isinstance(cause, errors.ContextTooLong) for cause in causes):
        return causes[-1]
    return AllTargetsFailed(causes, back_in=back_in)


def _standing(kind: Kind, name: str, health: Health) -> Standing:
    return Standing(
        kind=kind,
        name=name,
        state=health.state,
        rests=timedelta(seconds=max(0.0, health.rests_until - _now())),
        reason=health.reason.kind if health.reason else None,
    )


def _now() -> float:
    return asyncio.get_running_loop().time()
