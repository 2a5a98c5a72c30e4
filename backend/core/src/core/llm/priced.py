"""A model whose answers and failures say what they cost."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.model import ChatModel, Event, Finished, Prompt, Token
from core.llm.tokens import estimate_tokens
from core.llm.usage import NOTHING, Price, Usage, priced

#: of connections that never were: nobody can have read the question
_NEVER_SENT = frozenset(
    {"ConnectionRefusedError", "ConnectError", "ConnectTimeout", "PoolTimeout", "gaierror"}
)


class Priced:
    """A `ChatModel`. What the provider tells counts; else it is estimated by the price."""

    def __init__(self, model: ChatModel, *, expected: Usage, price: Price | None) -> None:
        """`expected` is what the prompt comes to."""
        self._model = model
        self._expected = expected
        self._price = price

    @property
    def name(self) -> str:
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        texts: list[str] = []
        try:
            async with aclosing(self._model.stream(prompt)) as events:
                async for event in events:
                    if isinstance(event, Token):
                        texts.append(event.text)
                    yield self._settled(event, texts) if isinstance(event, Finished) else event
        except ModelError as error:
            if error.spent != NOTHING:
                error.spent = priced(error.spent, self._price)
            elif _may_be_billed(error):
                error.spent = half_way(self._expected, "".join(texts), self._price)
            raise

    def _settled(self, finished: Finished, texts: list[str]) -> Finished:
        usage = finished.completion.usage
        if usage == NOTHING:
            usage = half_way(self._expected, "".join(texts), self._price)
        usage = priced(usage, self._price)
        return Finished(completion=replace(finished.completion, usage=usage))


def half_way(expected: Usage, text: str, price: Price | None) -> Usage:
    """What a call has come to, estimated, that has said so much and then was heard no more."""
    usage = replace(expected, completion_tokens=estimate_tokens(text))
    return priced(usage, price)


def _may_be_billed(error: ModelError) -> bool:
    """A refusal costs nothing; where nobody can know, the question may have been read."""
    match error:
        case errors.Garbage() | errors.TooSlow() | errors.Broken():
            return True
        case errors.Unavailable():
            return error.http_status is None and error.provider_code not in _NEVER_SENT
    return False
