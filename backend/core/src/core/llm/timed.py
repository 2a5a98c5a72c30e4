"""A model that is not waited for without end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.model import ChatModel, Event, Finished, Prompt, Token, Working

#: for a connection to close; after that it is abandoned
CLOSE_SECONDS = 2.0


class Timed:
    """A `ChatModel` that raises TooSlow for silence; all moments are the event loop's.

    A comment of the provider is silence, a thought of the model is not.
    """

    def __init__(self, model: ChatModel, *, end: float, silent_until: float, idle: float) -> None:
        """`silent_until`: the first token has to be there; `idle`: seconds between tokens."""
        self._model = model
        self._end = end
        self._silent_until = min(end, silent_until)
        self._idle = idle

    @property
    def name(self) -> str:
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        silent_until = self._silent_until
        events = self._model.stream(prompt)
        try:
            while True:
                event = await _next(events, silent_until)
                if isinstance(event, Token) or (isinstance(event, Working) and event.is_thinking):
                    now = asyncio.get_running_loop().time()
                    silent_until = min(self._end, now + self._idle)
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            await _close(events)


async def _next(events: AsyncGenerator[Event], deadline: float) -> Event:
    """The next event; raises TooSlow at the deadline, soon after it if cleaning up hangs."""
    try:
        async with asyncio.timeout_at(deadline + CLOSE_SECONDS), asyncio.timeout_at(deadline):
            return await anext(events)
    except TimeoutError:
        raise errors.TooSlow from None
    except StopAsyncIteration:
        raise errors.Broken(provider_code="ended_early") from None


async def _close(events: AsyncGenerator[Event]) -> None:
    """What the end of a stream has to say no longer matters."""
    with suppress(ModelError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await events.aclose()
