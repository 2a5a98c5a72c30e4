"""A model whose calls are watched, so that it can be left alone when it, or its account, fails."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import dataclass

from core.llm.errors import ModelError
from core.llm.health import Call, Health, Scope, scope_of
from core.llm.model import ChatModel, Event, Finished, Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakers:
    """Of a target: its own, and those it shares with others of its account."""

    target: Health
    credential: Health | None = None
    #: for free models of a gateway
    allowance: Health | None = None

    @property
    def all(self) -> tuple[Health, ...]:
        return tuple(x for x in (self.target, self.credential, self.allowance) if x)

    @property
    def is_open_to_calls(self) -> bool:
        return all(health.is_open_to_calls for health in self.all)

    @property
    def rests_until(self) -> float:
        return max(health.rests_until for health in self.all)

    @property
    def paused_until(self) -> float:
        return max(health.paused_until for health in self.all)

    @contextmanager
    def call(self) -> Iterator["Watch"]:
        """A call to the target. Begin it when it is decided on: a breaker lets one try it."""
        with ExitStack() as stack:
            calls = {health: stack.enter_context(health.call()) for health in self.all}
            yield Watch(self, calls)

    def blamed(self, error: ModelError) -> Health | None:
        match scope_of(error):
            case Scope.CREDENTIAL:
                return self.credential
            case Scope.ALLOWANCE:
                return self.allowance or self.credential or self.target
            case Scope.TARGET:
                return self.target


class Watch:
    def __init__(self, breakers: Breakers, calls: Mapping[Health, Call]) -> None:
        self._breakers = breakers
        self._calls = calls

    def succeeded(self) -> None:
        for call in self._calls.values():
            call.succeeded()

    def failed(self, error: ModelError) -> None:
        if blamed := self._breakers.blamed(error):
            self._calls[blamed].failed(error)


class Breaking:
    """A `ChatModel` that tells its breakers how a call ends."""

    def __init__(self, model: ChatModel, watch: Watch) -> None:
        self._model = model
        self._watch = watch

    @property
    def name(self) -> str:
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        try:
            async with aclosing(self._model.stream(prompt)) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        self._watch.succeeded()
                    yield event
        except ModelError as error:
            self._watch.failed(error)
            raise
