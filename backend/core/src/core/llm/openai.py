"""Any OpenAI-compatible provider as a `ChatModel`.

The official client makes the request and owns the connections; its retries are off, for one place
decides about those. The body is read by `core.llm.reply`: the client's model of each chunk would
cost more than the rest of a turn, and its reader takes the end of a connection for an answer.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
from openai import APIStatusError, AsyncOpenAI, AsyncStream, DefaultAioHttpClient

from core.llm import errors
from core.llm.classify import classify
from core.llm.errors import ModelError
from core.llm.model import Event, Prompt
from core.llm.reply import Reading

CONNECT_SECONDS = 5.0
#: a chat pauses for longer than the client's own 5 s; a new connection costs three round trips
KEEPALIVE_SECONDS = 60.0
#: between the end mark and the end of the body
DRAIN_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account at a provider; one connection pool for all its models."""

    base_url: str
    api_key: str = field(repr=False)

    def client(self) -> AsyncOpenAI:
        """To be closed by the caller."""
        is_openrouter = (httpx2.URL(self.base_url).host or "").endswith("openrouter.ai")
        return AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.api_key,
            max_retries=0,
            default_headers={"X-OpenRouter-Title": "Parley"} if is_openrouter else None,
            # aiohttp carries a stream for half the processor time of httpx's own transport
            http_client=DefaultAioHttpClient(
                # Silence is bounded by the router's deadlines, which know what is still useful.
                timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
                limits=httpx2.Limits(
                    max_connections=1000,
                    max_keepalive_connections=100,
                    keepalive_expiry=KEEPALIVE_SECONDS,
                ),
            ),
        )


class OpenAICompatible:
    """One model of an account."""

    def __init__(self, client: AsyncOpenAI, model: str, *, max_tokens: int) -> None:
        self._client = client
        self._model = model
        # OpenAI's own reasoning models refuse the name that everybody else understands.
        is_openai = client.base_url.host == "api.openai.com"
        self._limit = {"max_completion_tokens" if is_openai else "max_tokens": max_tokens}

    @property
    def name(self) -> str:
        return self._model

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        """Events of one call; raises nothing but ModelError."""
        reading = Reading(self._model)
        try:
            response = await self._post(prompt)
            async with aclosing(response), aclosing(response.aiter_bytes()) as parts:
                async for part in parts:
                    for event in reading.take(part):
                        yield event
                    if reading.is_done:
                        await _drain(parts)
                        break
            for event in reading.close():
                yield event
        except Exception as error:  # noqa: BLE001 - three libraries' errors, and the port's promise
            # The cause stays out of logs: a provider's refusal may quote the prompt.
            raise reading.failure(_translated(error)) from None

    async def _post(self, prompt: Prompt) -> httpx2.Response:
        messages = [
            {"role": message.role.value, "content": message.content} for message in prompt.messages
        ]
        request: dict[str, Any] = {
            "model": self._model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            **self._limit,
        }
        if prompt.user:
            request["user"] = prompt.user
        response = await self._client.post(
            "/chat/completions",
            body=request,
            cast_to=httpx2.Response,  # given as it is, whatever the type of a stream says
            stream=True,
            stream_cls=AsyncStream[object],
        )
        return cast("httpx2.Response", response)


async def fetch(client: AsyncOpenAI, path: str, *, seconds: float) -> Any:
    """A document about the account, decoded; raises nothing but ModelError."""
    try:
        return await client.get(path, cast_to=object, options={"timeout": seconds})
    except Exception as error:  # noqa: BLE001 - as above
        raise _translated(error) from None


async def _drain(parts: AsyncIterator[bytes]) -> None:
    """Read on to the end of the body, without which the connection could not serve again."""
    with suppress(Exception):  # the answer is complete whatever comes now
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in parts:
                pass


def _translated(error: Exception) -> ModelError:
    match error:
        case ModelError():
            return error
        case APIStatusError():
            return classify(error.status_code, error.body, error.response.headers)
        case UnicodeError():
            return errors.BadRequest(provider_code="unicode_error")
        case _:
            return errors.Unavailable(provider_code=type(_root(error)).__name__)


def _root(error: BaseException) -> BaseException:
    """The first cause: the layers above name a refused connection a time-out."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
