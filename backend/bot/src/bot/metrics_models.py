"""Calls to models counted and shown in traces, from outside of the router: a `ChatModel` around it.

The router tells of each call as it begins and ends; nothing here decides anything.
"""

import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import aclosing
from functools import partial
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from core import tracing
from core.llm.errors import AllTargetsFailed, Declined, KeyRefused, ModelError, NoCredit
from core.llm.health import Health, State
from core.llm.model import (
    AttemptFailed,
    AttemptStarted,
    ChatModel,
    Completion,
    Event,
    Finished,
    Prompt,
    Token,
)
from core.llm.router import Router

OTHER = "other"

_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
_CALL_OUTCOMES = ("answered", "failed", "stopped")
_TOKENS = ("prompt", "cached", "completion", "reasoning")


class Numbers:
    """The numbers; `names` are the configured models."""

    def __init__(self, registry: CollectorRegistry, names: Iterable[str]) -> None:
        self._registry = registry
        self._names = frozenset(names)
        self.requests = Counter(
            "llm_requests_total", "Calls to a model.", ["model"], registry=registry
        )
        self.seconds = Histogram(
            "llm_request_duration_seconds",
            "Calls to a model until they ended, by outcome.",
            ["model", "outcome"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self.first_token_seconds = Histogram(
            "llm_first_token_seconds",
            "Calls to a model until the first visible text.",
            ["model"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self.errors = Counter(
            "llm_errors_total",
            "Calls to a model that failed, by kind of error.",
            ["model", "error"],
            registry=registry,
        )
        self.answers = Counter(
            "llm_answers_total",
            "Questions put to the models, by how the last of them ended.",
            ["outcome"],
            registry=registry,
        )
        self.fallbacks = Counter(
            "llm_fallback_used_total",
            "Answers that needed another call or another model than the first.",
            ["model"],
            registry=registry,
        )
        self.tokens = Counter(
            "llm_tokens_total",
            "Tokens as billed for answers; cached are part of prompt, reasoning of completion.",
            ["model", "kind"],
            registry=registry,
        )
        self.cost = Counter(
            "llm_cost_microdollars_total",
            "Millionths of a dollar for answers, told by the provider or estimated by its prices.",
            ["model"],
            registry=registry,
        )
        self.calls_spared = Counter(
            "llm_calls_spared_total",
            "Calls that were not made again, because a tenth of the last minute's calls were.",
            registry=registry,
        )
        self._begin_at_zero()

    def show(self, router: Router) -> None:
        """How its models and accounts are, whenever somebody looks."""
        _show_states(
            Gauge(
                "llm_breaker_state",
                "1 for the state of a model's breaker: closed, open (left alone), half_open "
                "(tried).",
                ["model", "state"],
                registry=self._registry,
            ),
            {name: partial(_state_of, router, name) for name in router.states},
        )
        _show_states(
            Gauge(
                "llm_account_breaker_state",
                "1 for the state of an account's breaker, as of a model's; it is open for all its "
                "models.",
                ["account", "state"],
                registry=self._registry,
            ),
            {name: partial(_state, health) for name, health in router.accounts.items()},
        )
        refused = Gauge(
            "llm_account_refused",
            "1 for an account that its provider refuses: key_refused, or no_credit.",
            ["account", "reason"],
            registry=self._registry,
        )
        for (name, health), kind in product(router.accounts.items(), (KeyRefused, NoCredit)):
            gauge = refused.labels(name, kind().kind)
            gauge.set_function(partial(_is_refused, health, kind))

    def label(self, model: str) -> str:
        return model if model in self._names else OTHER

    def _begin_at_zero(self) -> None:
        """A series that begins with its first event has no rise from 0 that an alert could see."""
        models = (*self._names, OTHER)
        for model in models:
            for metric in (self.requests, self.first_token_seconds, self.fallbacks, self.cost):
                metric.labels(model)
        for model, kind in product(models, _kinds(ModelError)):
            self.errors.labels(model, kind)
        for model, outcome in product(models, _CALL_OUTCOMES):
            self.seconds.labels(model, outcome)
        for model, kind in product(models, _TOKENS):
            self.tokens.labels(model, kind)
        for outcome in (*_CALL_OUTCOMES, "declined"):
            self.answers.labels(outcome)


def _show_states(gauge: Gauge, states: Mapping[str, Callable[[], State]]) -> None:
    for (name, look), state in product(states.items(), State):
        gauge.labels(name, state).set_function(partial(_is, look, state))


def _is(look: Callable[[], State], state: State) -> bool:
    return look() is state


def _state_of(router: Router, name: str) -> State:
    return router.states[name]


def _state(health: Health) -> State:
    return health.state


def _is_refused(health: Health, kind: type[ModelError]) -> bool:
    return isinstance(health.reason, kind)


def _kinds(family: type[ModelError]) -> Iterator[str]:
    for error in family.__subclasses__():
        if error is not AllTargetsFailed:
            yield error().kind
            yield from _kinds(error)


class Watched:
    """A `ChatModel` whose calls are counted."""

    def __init__(self, model: ChatModel, numbers: Numbers) -> None:
        self._model = model
        self._numbers = numbers

    @property
    def name(self) -> str:
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        question = _Question(self._numbers)
        try:
            async with aclosing(self._model.stream(prompt)) as events:
                async for event in events:
                    question.follow(event)
                    yield event
        except Exception as error:
            question.outcome = "declined" if isinstance(error, Declined) else "failed"
            raise
        finally:
            question.end()


class _Question:
    """A question on its way along the models."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._is_fallback = False
        self._call: _Call | None = None
        #: unless something else happens the listener has gone
        self.outcome = "stopped"

    def follow(self, event: Event) -> None:
        match event:
            case AttemptStarted(target=target, is_fallback=is_fallback):
                self._is_fallback = is_fallback
                self._call = _Call(self._numbers, target)
            case Token() if self._call:
                self._call.speak()
            case AttemptFailed(error=error) if self._call:
                self._call.fail(error)
                self._call = None
            case Finished(completion=completion) if self._call:
                self._call.answer(completion, is_fallback=self._is_fallback)
                self._call = None
                self.outcome = "answered"

    def end(self) -> None:
        if self._call:
            self._call.end("stopped")
        self._numbers.answers.labels(self.outcome).inc()


class _Call:
    def __init__(self, numbers: Numbers, target: str) -> None:
        self._numbers = numbers
        self._model = numbers.label(target)
        self._span = tracing.start("model call", model=self._model)
        self._started = time.perf_counter()
        self._is_silent = True
        numbers.requests.labels(self._model).inc()

    def speak(self) -> None:
        if self._is_silent:
            self._is_silent = False
            self._numbers.first_token_seconds.labels(self._model).observe(self._seconds)
            self._span.note(first_token_ms=round(self._seconds * 1000))

    def fail(self, error: ModelError) -> None:
        self._numbers.errors.labels(self._model, error.kind).inc()
        self._span.fail(error.kind)
        self.end("failed")

    def answer(self, completion: Completion, *, is_fallback: bool) -> None:
        usage = completion.usage
        tokens = self._numbers.tokens
        tokens.labels(self._model, "prompt").inc(usage.prompt_tokens)
        tokens.labels(self._model, "cached").inc(usage.cached_tokens)
        tokens.labels(self._model, "completion").inc(usage.completion_tokens)
        tokens.labels(self._model, "reasoning").inc(usage.reasoning_tokens)
        self._numbers.cost.labels(self._model).inc(usage.cost_micros)
        self._numbers.fallbacks.labels(self._model).inc(is_fallback)
        self._span.note(completion_tokens=usage.completion_tokens, is_fallback=is_fallback)
        self.end("answered")

    def end(self, outcome: str) -> None:
        self._numbers.seconds.labels(self._model, outcome).observe(self._seconds)
        self._span.note(outcome=outcome)
        self._span.end()

    @property
    def _seconds(self) -> float:
        return time.perf_counter() - self._started
