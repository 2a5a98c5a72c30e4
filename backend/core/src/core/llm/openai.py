"""Any OpenAI-compatible provider as a `ChatModel`.

The official client makes the request and owns the connection; its retries are off, for one place
decides about those. The stream is read here: as dictionaries, because the client's model of each
chunk would cost more than everything else in a turn, and line by line, because comments show that
the provider is alive.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    OpenAIError,
    Timeout,
)

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.model import Event, Finished, Prompt, Token, Working
from core.llm.reply import Reading, classify

CONNECT_SECONDS = 5.0
#: an error body or a line of a stream beyond this is nothing a provider means
MAX_LINE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account at a provider; one connection pool for all its models."""

    base_url: str
    api_key: str = field(repr=False)

    def client(self) -> AsyncOpenAI:
        return AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.api_key,
            max_retries=0,
            # Silence is bounded by the router's deadlines, which know what is still useful.
            timeout=Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
            default_headers={"X-OpenRouter-Title": "Parley"},
        )


class OpenAICompatible:
    """One model of an account."""

    def __init__(self, client: AsyncOpenAI, model: str, *, max_tokens: int) -> None:
        self._client = client
        self._model = model
        self._max_tokens = max_tokens

    @property
    def name(self) -> str:
        return self._model

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        """Events of one call; raises nothing but ModelError."""
        reading = Reading(self._model)
        try:
            async with self._client.chat.completions.with_streaming_response.create(
                **self._request(prompt)
            ) as response:
                lines = _chunks(response.iter_bytes(), response.headers.get("content-type", ""))
                async for chunk in lines:
                    if chunk is None:
                        yield Working(is_thinking=False)
                    elif text := reading.feed(chunk):
                        yield Token(text=text)
                    elif reading.is_thinking:
                        yield Working(is_thinking=True)
            yield Finished(completion=reading.conclude())
        except ModelError:
            raise
        except (OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            raise _translated(error, has_begun=reading.has_text) from error

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": message.role.value, "content": message.content}
                for message in prompt.messages
            ],
            "max_tokens": self._max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if prompt.user:
            request["user"] = prompt.user
        return request


async def _chunks(body: AsyncIterator[bytes], content_type: str) -> AsyncIterator[Any]:
    """The decoded chunks of a reply, None for a comment; raises Garbage for anything else."""
    if "application/json" in content_type:
        yield _decode(b"".join([part async for part in body]))
        return
    async for line in _lines(body):
        if line.startswith(b":"):
            yield None
        elif line.startswith(b"data:"):
            data = line[5:].strip()
            if data == b"[DONE]":
                return
            yield _decode(data)
        elif line and not line.startswith((b"event:", b"id:", b"retry:")):
            raise errors.Garbage(provider_code="not an event stream")


async def _lines(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    rest = b""
    async for part in body:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line.rstrip(b"\r")
        if len(rest) > MAX_LINE_BYTES:
            raise errors.Garbage(provider_code="endless line")
    if rest:
        yield rest


def _decode(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _decode_leniently(data)


def _decode_leniently(data: bytes) -> Any:
    """Escapes of half a surrogate pair are valid JSON, which orjson refuses."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise errors.Garbage(provider_code="not json") from None


def _translated(error: Exception, *, has_begun: bool) -> ModelError:
    if isinstance(error, APIStatusError):
        return classify(error.status_code, error.body, error.response.headers)
    if has_begun:
        return errors.Broken(provider_code=type(error).__name__)
    if isinstance(error, APITimeoutError):
        return errors.Unavailable(provider_code="timeout")
    if isinstance(error, APIConnectionError | httpx2.HTTPError):
        return errors.Unavailable(provider_code=type(error.__cause__ or error).__name__)
    return errors.Garbage(provider_code=type(error).__name__)
