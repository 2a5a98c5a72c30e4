"""The adapter against a server that sends exact bytes."""

import asyncio
import gzip
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from backend.core.tests.llm.conftest import (
    DONE,
    HELLO,
    KEY,
    LAST_CHUNK,
    PROMPT,
    Act,
    Wire,
    account,
    chunked,
    event,
    head,
    model_at,
    said,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import AsyncOpenAI

from core.llm import errors, openai
from core.llm.errors import ModelError
from core.llm.model import (
    AttemptStarted,
    ChatModel,
    Event,
    Finished,
    Image,
    Prompt,
    PromptMessage,
    Role,
    Token,
    Working,
)
from core.llm.openai import OpenAICompatible, open_client
from core.llm.providers import DataCollection, Provider
from core.llm.router import Router
from core.llm.target import Target

USAGE = {"stream_options": {"include_usage": True}}


async def ask(model: ChatModel, prompt: Prompt = PROMPT) -> list[Event]:
    return [event async for event in model.stream(prompt)]


async def failure(model: ChatModel, prompt: Prompt = PROMPT) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await ask(model, prompt)
    return caught.value


class TestTheRequest:
    async def test_is_what_providers_understand(self, wire: Wire, model: OpenAICompatible) -> None:
        wire.reply(chunked(HELLO))
        await ask(model)
        (request,) = wire.requests
        assert (request.method, request.path) == ("POST", "/v1/chat/completions")
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert "x-openrouter-title" not in request.headers
        assert request.body == {
            "model": "test/model",
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "Hello?"},
            ],
            "max_tokens": 100,
            "stream": True,
            "stream_options": {"include_usage": True},
            "user": "a-pseudonym",
        }

    async def test_names_nobody_when_there_is_no_pseudonym(
        self, wire: Wire, model: OpenAICompatible
    ) -> None:
        wire.reply(chunked(HELLO))
        await ask(model, Prompt(messages=PROMPT.messages))
        assert "user" not in wire.requests[0].body

    async def test_tells_openrouter_who_asks(self) -> None:
        async with open_client(account("https://openrouter.ai/api/v1")) as client:
            assert client.default_headers["X-OpenRouter-Title"] == "Parley"

    @pytest.mark.parametrize(
        ("provider", "more"),
        [
            ("openrouter", {"max_tokens": 100, "user": "a-pseudonym"}),
            ("openai", {"max_completion_tokens": 100, "user": "a-pseudonym", **USAGE}),
            ("groq", {"max_completion_tokens": 100, "user": "a-pseudonym", **USAGE}),
            ("anthropic", {"max_tokens": 100, **USAGE}),
            ("litellm", {"max_tokens": 100, "user": "a-pseudonym", **USAGE}),
        ],
    )
    async def test_speaks_the_dialect_of_its_provider(
        self, wire: Wire, client: AsyncOpenAI, provider: str, more: dict[str, Any]
    ) -> None:
        wire.reply(chunked(HELLO))
        await ask(model_at(client, provider=Provider(provider)))
        body = wire.requests[0].body
        assert {name: x for name, x in body.items() if name not in {"model", "messages"}} == {
            "stream": True,
            **more,
        }

    @pytest.mark.parametrize(("provider", "is_told"), [("openrouter", True), ("groq", False)])
    async def test_tells_openrouter_alone_who_may_keep_it(
        self, wire: Wire, client: AsyncOpenAI, provider: str, *, is_told: bool
    ) -> None:
        wire.reply(chunked(HELLO))
        denied = {"provider": Provider(provider), "data_collection": DataCollection.DENY}
        await ask(model_at(client, **denied))
        told = wire.requests[0].body.get("provider")
        assert told == ({"data_collection": "deny"} if is_told else None)

    async def test_carries_images_as_data(self, wire: Wire, model: OpenAICompatible) -> None:
        wire.reply(chunked(HELLO))
        photo = Image(mime_type="image/jpeg", data=b"\xff\xd8\xff")
        question = PromptMessage(role=Role.USER, content="What is this?", images=(photo,))
        await ask(model, Prompt(messages=(question,)))
        (message,) = wire.requests[0].body["messages"]
        assert message["content"] == [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,/9j/"}},
        ]

    async def test_that_cannot_be_encoded_is_not_sent(
        self, wire: Wire, model: OpenAICompatible
    ) -> None:
        prompt = Prompt(messages=(PromptMessage(role=Role.USER, content="\ud800"),))
        assert type(await failure(model, prompt)) is errors.BadRequest
        assert wire.requests == []


class TestTheAnswer:
    async def test_comes_as_it_is_written(self, wire: Wire, model: OpenAICompatible) -> None:
        go_on = asyncio.Event()
        wire.reply(head(), b": OPENROUTER PROCESSING\n\n", said("Hel"), go_on, HELLO)
        async with aclosing(model.stream(PROMPT)) as events:
            assert await anext(events) == Working(is_thinking=False)
            assert await anext(events) == Token(text="Hel")
            go_on.set()
            rest = [event async for event in events]
        last = rest[-1]
        assert isinstance(last, Finished)
        assert last.completion.text == "HelHello, world!"

    async def test_leaves_the_connection_for_the_next(
        self, wire: Wire, model: OpenAICompatible, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(openai, "DRAIN_SECONDS", 60)
        ends = asyncio.Event()
        wire.reply(chunked(HELLO).removesuffix(LAST_CHUNK), ends, LAST_CHUNK)
        asyncio.get_running_loop().call_later(0.02, ends.set)  # after the end mark has been read
        for _ in range(3):
            await ask(model)
        assert (len(wire.requests), wire.connections) == (3, 1)

    async def test_does_not_wait_for_an_end_after_the_end_mark(
        self, wire: Wire, model: OpenAICompatible
    ) -> None:
        wire.reply(head(), HELLO, Act.HANG)
        assert isinstance((await ask(model))[-1], Finished)
        await wire.abandoned.wait()

    async def test_may_be_compressed(self, wire: Wire, model: OpenAICompatible) -> None:
        wire.reply(head(content_encoding="gzip"), gzip.compress(HELLO))
        assert isinstance((await ask(model))[-1], Finished)

    async def test_may_be_cut_anywhere(self, wire: Wire, model: OpenAICompatible) -> None:
        wire.reply(head(), *[bytes([byte]) for byte in said("né😀", "stop") + DONE])
        last = (await ask(model))[-1]
        assert isinstance(last, Finished)
        assert last.completion.text == "né😀"


class TestStopping:
    async def test_closes_the_connection_at_once(self, wire: Wire, model: OpenAICompatible) -> None:
        wire.reply(head(), said("Hel"), Act.HANG)
        async with aclosing(model.stream(PROMPT)) as events:
            assert await anext(events) == Token(text="Hel")
        await asyncio.wait_for(wire.abandoned.wait(), 5)

    async def test_through_a_router_as_well(self, wire: Wire, model: OpenAICompatible) -> None:
        wire.reply(head(), said("Hel"), Act.HANG)
        router = Router([Target(model=model, window=8192)])
        async with aclosing(router.stream(PROMPT)) as events:
            assert isinstance(await anext(events), AttemptStarted)
            assert await anext(events) == Token(text="Hel")
        await asyncio.wait_for(wire.abandoned.wait(), 5)

    @pytest.mark.parametrize("steps", [[Act.HANG], [head(), Act.HANG]])
    async def test_by_cancelling_whatever_it_waits_for(
        self, wire: Wire, model: OpenAICompatible, steps: Sequence[bytes | Act]
    ) -> None:
        wire.reply(*steps)
        task = asyncio.create_task(ask(model))
        await wire.hanging.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(wire.abandoned.wait(), 5)


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (400, errors.BadRequest),
            (401, errors.KeyRefused),
            (402, errors.NoCredit),
            (403, errors.KeyRefused),
            (404, errors.Gone),
            (408, errors.Unavailable),
            (413, errors.ContextTooLong),
            (422, errors.BadRequest),
            (429, errors.RateLimited),
            (498, errors.RateLimited),
            (500, errors.Unavailable),
            (502, errors.Unavailable),
            (503, errors.Unavailable),
            (504, errors.Unavailable),
            (524, errors.Unavailable),
            (529, errors.Unavailable),
        ],
    )
    @pytest.mark.parametrize("body", [b"", b"<html>", b'{"error": {"message": "m"}}', b"\xff\xfe"])
    async def test_a_status_is_a_class_and_one_request(
        self,
        wire: Wire,
        model: OpenAICompatible,
        status: int,
        expected: type[ModelError],
        body: bytes,
    ) -> None:
        wire.reply(head(status, "application/json", retry_after="3"), body)
        error = await failure(model)
        assert type(error) is expected
        assert error.http_status == status
        assert error.retry_after == timedelta(seconds=3)
        assert len(wire.requests) == 1

    @pytest.mark.parametrize(
        ("steps", "expected"),
        [
            # the connection
            ([Act.RESET, head()[:20]], errors.Unavailable),
            ([b""], errors.Unavailable),
            ([b"SSH-2.0-OpenSSH_9.2\r\n"], errors.Unavailable),
            ([head(content_length="999"), said("Hi", "stop")], errors.Broken),
            ([head(content_length="999"), b": OPENROUTER PROCESSING\n\n"], errors.Unavailable),
            ([head(transfer_encoding="chunked"), b"9999\r\n", said("Hi")], errors.Broken),
            ([head(transfer_encoding="chunked"), b"what?\r\n"], errors.Unavailable),
            ([head(content_encoding="gzip"), b"no gzip"], errors.Unavailable),
            # the end without a reason
            ([head()], errors.Garbage),
            ([head(), said("Hi")], errors.Broken),
            ([head(), DONE], errors.Garbage),
            # something else than a stream
            ([head(200, "text/html"), b"<html>Sign in to this wifi</html>"], errors.Garbage),
            ([head(200, "application/json")], errors.Garbage),
            ([head(200, "application/json"), b"{}"], errors.Garbage),
            ([head(200, "application/json"), b"<html>"], errors.Garbage),
            ([head(204, "text/plain")], errors.Garbage),
            ([head(), event({"error": {"code": 429}})], errors.RateLimited),
            ([head(200, "application/json"), b'{"error": {"code": 502}}'], errors.Unavailable),
            ([head(), said("Hi"), event({"error": {"code": 502}})], errors.Broken),
            ([head(307, location="/v1/elsewhere")], errors.Unavailable),
        ],
    )
    async def test_on_the_wire_are_typed(
        self,
        wire: Wire,
        model: OpenAICompatible,
        steps: Sequence[bytes | Act],
        expected: type[ModelError],
    ) -> None:
        wire.reply(*steps)
        assert type(await failure(model)) is expected

    async def test_a_reset_in_mid_answer(self, wire: Wire, model: OpenAICompatible) -> None:
        go_on = asyncio.Event()
        wire.reply(head(), said("Hel"), go_on, Act.RESET)
        async with aclosing(model.stream(PROMPT)) as events:
            assert await anext(events) == Token(text="Hel")
            go_on.set()
            with pytest.raises(errors.Broken):
                await anext(events)

    async def test_nobody_listens(self, unused_port: int) -> None:
        async with open_client(account(f"http://127.0.0.1:{unused_port}/v1")) as client:
            error = await failure(model_at(client))
        assert type(error) is errors.Unavailable
        assert error.provider_code == "ConnectionRefusedError"

    @pytest.mark.parametrize("key", ["kéy", "two\nlines"])
    async def test_a_key_that_no_header_can_carry(self, wire: Wire, key: str) -> None:
        async with open_client(account(wire.url, key)) as client:
            await failure(model_at(client))
        assert wire.requests == []

    async def test_quote_neither_key_nor_prompt_nor_provider(
        self, wire: Wire, model: OpenAICompatible
    ) -> None:
        body = b'{"error": {"message": "bad prompt: Hello? key sk-or-v1-a-secret"}}'
        wire.reply(head(400, "application/json"), body)
        error = await failure(model)
        told = "".join(traceback.format_exception(error)) + repr(error) + repr(model)
        for secret in ("Hello?", "sk-or", "bad prompt"):
            assert secret not in told
        assert KEY not in repr(account(wire.url))


def mocked(reply: object, url: str = "http://provider.test/v1") -> AsyncOpenAI:
    """A client without a socket, for many replies in a short time."""
    transport = httpx2.MockTransport(reply)  # type: ignore[arg-type] # an async handler
    http_client = httpx2.AsyncClient(transport=transport)
    return AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0, http_client=http_client)


bodies = st.lists(
    st.binary(max_size=30)
    | st.sampled_from([HELLO, DONE, said("Hi"), said("", "stop"), b"data: ", b'{"error": ', b"}"]),
    max_size=6,
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(["text/html; charset=nonsense", "application/json", ";;"]),
        "content-encoding": st.sampled_from(["gzip", "br", "zstd", "deflate", "nonsense"]),
        "retry-after": st.sampled_from(["NaN", "-1", "Mon, 99 Foo", "9" * 400]),
        "location": st.sampled_from(["http://[", "//", "\x7f", "/loop"]),
    },
)
BUGS = {"TypeError", "AttributeError", "KeyError", "IndexError", "AssertionError", "NameError"}
statuses = st.sampled_from([200, 204, 302, 400, 404, 418, 429, 500, 529, 999])


@settings(deadline=None)
@given(statuses, headers, bodies)
def test_nothing_but_a_model_error_ever_leaves(
    status: int, headers: dict[str, str], parts: list[bytes]
) -> None:
    async def reply(_: httpx2.Request) -> httpx2.Response:
        async def body() -> AsyncIterator[bytes]:
            for part in parts:
                yield part

        return httpx2.Response(status, headers=headers, content=body())

    async def play() -> None:
        async with mocked(reply) as client:
            outcome.extend(await outcome_of(model_at(client)))

    outcome: list[Event | ModelError] = []
    asyncio.run(play())
    *before, last = outcome
    assert isinstance(last, Finished | ModelError)
    assert not any(isinstance(event, Finished) for event in before)
    if isinstance(last, ModelError):
        assert last.provider_code not in BUGS


async def outcome_of(model: ChatModel) -> list[Event | ModelError]:
    """The events, and what they ended in."""
    outcome: list[Event | ModelError] = []
    try:
        async for happened in model.stream(PROMPT):
            outcome.append(happened)  # noqa: PERF401 - what came before an error counts too
    except ModelError as error:
        outcome.append(error)
    return outcome
