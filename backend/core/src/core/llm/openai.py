"""Any OpenAI-compatible provider as a `ChatModel`.

The official client makes the request and owns the connections; its retries are off, for one place
decides about those. The body is read by `core.llm.reply`: the client's model of each chunk would
cost more than the rest of a turn, and its reader takes the end of a connection for an answer.
"""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, cast

import httpx2
from openai import APIStatusError, AsyncOpenAI, AsyncStream, DefaultAioHttpClient

from core.llm import errors
from core.llm.catalog import Credential, Entry
from core.llm.classify import classify
from core.llm.errors import ModelError
from core.llm.model import Event, Image, Prompt, PromptMessage
from core.llm.providers import DIALECTS, request_body
from core.llm.reply import Reading

CONNECT_SECONDS = 5.0
#: a chat pauses for longer than the client's own 5 s; a new connection costs three round trips
KEEPALIVE_SECONDS = 60.0
#: between the end mark and the end of the body
DRAIN_SECONDS = 0.1
#: the client wants a key even for a server that asks for none
_NO_KEY = "none"


def open_client(credential: Credential) -> AsyncOpenAI:
    """One connection pool for all models of an account; to be closed by the caller."""
    return AsyncOpenAI(
        base_url=credential.base_url,
        api_key=credential.key or _NO_KEY,
        max_retries=0,
        default_headers=dict(DIALECTS[credential.provider].headers),
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

    def __init__(self, client: AsyncOpenAI, entry: Entry, *, max_tokens: int) -> None:
        """`client` is that of the entry's account."""
        self._client = client
        self._entry = entry
        self._max_tokens = max_tokens

    @property
    def name(self) -> str:
        return self._entry.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Event]:
        """Events of one call; raises nothing but ModelError."""
        reading = Reading(self._entry.model)
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
        credential = self._entry.credential
        body = request_body(
            credential.provider,
            model=self._entry.model,
            messages=[_wire(message) for message in prompt.messages],
            max_tokens=self._max_tokens,
            user=prompt.user,
            data_collection=credential.data_collection,
        )
        response = await self._client.post(
            "/chat/completions",
            body=body,
            cast_to=httpx2.Response,  # given as it is, whatever the type of a stream says
            stream=True,
            stream_cls=AsyncStream[object],
        )
        return cast("httpx2.Response", response)


def _wire(message: PromptMessage) -> dict[str, Any]:
    if not message.images:
        return {"role": message.role.value, "content": message.content}
    images = [{"type": "image_url", "image_url": {"url": _data_url(x)}} for x in message.images]
    words = [{"type": "text", "text": message.content}] if message.content else []
    return {"role": message.role.value, "content": [*words, *images]}


def _data_url(image: Image) -> str:
    return f"data:{image.mime_type};base64,{base64.b64encode(image.data).decode('ascii')}"


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
