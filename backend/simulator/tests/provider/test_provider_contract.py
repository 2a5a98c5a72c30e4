"""The provider as its clients see it: OpenRouter's contract."""

import json
from pathlib import Path
from typing import Any

import openai
import pytest
from jsonschema import Draft202012Validator
from openai import AsyncOpenAI

from .conftest import KEY, MODEL, Endpoint, asked, events

ANSWER = 'Twelve words, «кавычки», "quotes", \n a line, 👋🏽 and a tab\t.'


class TestStreaming:
    async def test_the_official_client_reads_the_whole_text(
        self, endpoint: Endpoint, client: AsyncOpenAI
    ) -> None:
        await endpoint.script("replies", {"default": ANSWER})
        stream = await client.chat.completions.create(**asked("Hello"), stream=True)
        chunks = [chunk async for chunk in stream]
        said = [chunk.choices[0] for chunk in chunks if chunk.choices]
        assert said[0].delta.role == "assistant"
        assert said[0].delta.content == ""
        assert "".join(choice.delta.content or "" for choice in said) == ANSWER
        assert [choice.finish_reason for choice in said if choice.finish_reason] == ["stop"]

    async def test_the_last_chunk_has_no_choices_and_the_usage(
        self, endpoint: Endpoint, client: AsyncOpenAI
    ) -> None:
        await endpoint.script("replies", {"default": "x" * 401})
        stream = await client.chat.completions.create(**asked("y" * 39), stream=True)
        last = [chunk async for chunk in stream][-1].model_dump()
        assert last["choices"] == []
        usage = last["usage"]
        assert (usage["prompt_tokens"], usage["completion_tokens"]) == (10, 101)
        assert usage["total_tokens"] == 111
        # 10 tokens at $2 and 101 at $8 a million
        assert usage["cost"] == pytest.approx((10 * 2 + 101 * 8) / 1e6)
        assert usage["cost_details"]["upstream_inference_cost"] == usage["cost"]
        assert usage["prompt_tokens_details"]["cached_tokens"] == 0
        assert usage["completion_tokens_details"]["reasoning_tokens"] == 0

    async def test_comments_come_first_and_done_comes_last(self, endpoint: Endpoint) -> None:
        exchange = await endpoint.exchange("Hello", stream=True)
        headers, _, body = exchange.received.partition(b"\r\n\r\n")
        assert b"Content-Type: text/event-stream" in headers
        assert body.index(b": OPENROUTER PROCESSING\n\n") < body.index(b"data: ")
        assert exchange.received.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")

    async def test_every_chunk_names_the_generation_of_the_header(self, endpoint: Endpoint) -> None:
        response = await _streamed(endpoint, "Hello")
        ids = {chunk["id"] for chunk in events(response.body)[:-1]}
        assert ids == {response.generation_id}
        assert response.generation_id.startswith("gen-")

    async def test_a_chunk_has_all_that_a_recorded_one_has(
        self, endpoint: Endpoint, shared_data: Path
    ) -> None:
        recorded = _recorded_chunk(shared_data)
        ours = events((await _streamed(endpoint, "Hello")).body)[1]
        assert recorded.keys() <= ours.keys()
        assert recorded["choices"][0].keys() <= ours["choices"][0].keys()
        assert recorded["choices"][0]["delta"].keys() == ours["choices"][0]["delta"].keys()


class TestWhole:
    async def test_the_official_client_reads_it(
        self, endpoint: Endpoint, client: AsyncOpenAI
    ) -> None:
        await endpoint.script("replies", {"default": ANSWER})
        completion = await client.chat.completions.create(**asked("Hello"))
        assert completion.choices[0].message.content == ANSWER
        assert completion.choices[0].finish_reason == "stop"
        assert completion.model == MODEL
        assert completion.usage is not None
        assert completion.usage.completion_tokens == -(-len(ANSWER) // 4)

    async def test_a_limit_on_tokens_cuts_it(self, endpoint: Endpoint) -> None:
        await endpoint.script("replies", {"default": "x" * 41})
        _, reply = await endpoint.ask("Hello", max_tokens=10)
        assert reply["choices"][0]["finish_reason"] == "length"
        assert reply["choices"][0]["message"]["content"] == "x" * 40
        assert reply["usage"]["completion_tokens"] == 10

    async def test_content_may_come_in_parts(self, endpoint: Endpoint) -> None:
        parts = [{"type": "text", "text": "2 "}, {"type": "image_url"}, {"text": "+ 3"}]
        message = {"role": "user", "content": parts}
        _, reply = await endpoint.post({"model": MODEL, "messages": [message]})
        assert "**5**" in reply["choices"][0]["message"]["content"]


class TestRefusals:
    @pytest.mark.parametrize("stream", [True, False])
    async def test_another_key(self, endpoint: Endpoint, *, stream: bool) -> None:
        status, reply = await endpoint.post({**asked("Hello"), "stream": stream}, key="sk-wrong")
        assert (status, reply["error"]["code"]) == (401, 401)
        assert reply["error"]["metadata"]["error_type"] == "authentication"
        assert reply["error"]["message"]
        assert (await endpoint.ended_call())["outcome"] == "authentication"

    async def test_the_official_client_recognises_a_wrong_key(self, endpoint: Endpoint) -> None:
        async with AsyncOpenAI(base_url=f"{endpoint.url}/api/v1", api_key="x") as stranger:
            with pytest.raises(openai.AuthenticationError):
                await stranger.chat.completions.create(**asked("Hello"))

    async def test_an_unknown_model(self, endpoint: Endpoint) -> None:
        status, reply = await endpoint.ask("Hello", model="nobody/nothing")
        assert (status, reply["error"]["code"]) == (404, 404)
        assert "nobody/nothing" in reply["error"]["message"]

    async def test_a_context_that_is_too_long(self, endpoint: Endpoint) -> None:
        fits, _ = await endpoint.ask("x" * 128_000, model="parley/demo-small")
        status, reply = await endpoint.ask("x" * 128_001, model="parley/demo-small")
        assert (fits, status) == (200, 400)
        assert reply["error"]["metadata"]["error_type"] == "context_length_exceeded"
        assert (await endpoint.ended_call())["outcome"] == "context_length_exceeded"

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"[]",
            {},
            {"model": MODEL},
            {"model": MODEL, "messages": []},
            {"model": MODEL, "messages": ["Hello"]},
            {"model": MODEL, "messages": [{"content": "Hello"}]},
            {"model": MODEL, "messages": [{"role": "user", "content": 7}]},
            {"messages": [{"role": "user", "content": "Hello"}]},
            {**asked("Hello"), "max_tokens": -1},
        ],
    )
    async def test_what_is_no_request(self, endpoint: Endpoint, body: Any) -> None:
        status, reply = await endpoint.post(body)
        assert (status, reply["error"]["code"]) == (400, 400)
        assert reply["error"]["metadata"]["error_type"] == "invalid_request"

    async def test_a_body_beyond_all_measure(self, endpoint: Endpoint) -> None:
        status, reply = await endpoint.ask("x" * (8 * 1024 * 1024))
        assert (status, reply["error"]["metadata"]["error_type"]) == (413, "payload_too_large")

    async def test_half_a_surrogate_pair_is_no_reason(self, endpoint: Endpoint) -> None:
        status, reply = await endpoint.ask("half \ud83d and \x00")
        assert status == 200
        assert "\ud83d" in reply["choices"][0]["message"]["content"]
        assert (await endpoint.calls("full=1"))[0]["messages"][0]["content"] == "half \ud83d and \0"


class TestAboutItself:
    async def test_the_models_are_public(self, endpoint: Endpoint) -> None:
        status, models = await endpoint.get("/api/v1/models", key=None)
        by_id = {model["id"]: model for model in models["data"]}
        assert status == 200
        assert by_id.keys() >= {"parley/demo-large", "parley/demo-small", "parley/demo-code"}
        assert by_id[MODEL]["context_length"] == 128_000
        assert by_id[MODEL]["pricing"] == {"prompt": "0.000002", "completion": "0.000008"}

    async def test_the_official_client_lists_them(self, client: AsyncOpenAI) -> None:
        assert MODEL in [model.id async for model in client.models.list()]

    async def test_the_key_tells_what_was_spent(self, endpoint: Endpoint) -> None:
        _, reply = await endpoint.ask("Hello")
        status, key = await endpoint.get("/api/v1/key")
        assert status == 200
        assert key["data"]["usage"] == pytest.approx(reply["usage"]["cost"])

    @pytest.mark.parametrize("path", ["/api/v1/key", "/api/v1/generation?id=gen-1"])
    @pytest.mark.parametrize("key", [None, "sk-wrong", ""])
    async def test_strangers_learn_nothing(
        self, endpoint: Endpoint, path: str, key: str | None
    ) -> None:
        status, reply = await endpoint.get(path, key=key)
        assert (status, reply["error"]["code"]) == (401, 401)

    async def test_a_generation_is_found_by_its_id(self, endpoint: Endpoint) -> None:
        response = await _streamed(endpoint, "Hello")
        _, found = await endpoint.get(f"/api/v1/generation?id={response.generation_id}")
        usage = events(response.body)[-2]["usage"]
        assert found["data"]["tokens_completion"] == usage["completion_tokens"]
        assert found["data"]["total_cost"] == usage["cost"]
        assert found["data"]["cancelled"] is False
        assert found["data"]["finish_reason"] == "stop"

    async def test_an_unknown_generation_is_not_found(self, endpoint: Endpoint) -> None:
        status, reply = await endpoint.get("/api/v1/generation?id=gen-1")
        assert (status, reply["error"]["code"]) == (404, 404)


class TestDocumentedShapes:
    async def test_models(self, endpoint: Endpoint, shared_data: Path) -> None:
        _, models = await endpoint.get("/api/v1/models")
        _validate(models, "#/components/schemas/ModelsListResponse", shared_data)

    async def test_key(self, endpoint: Endpoint, shared_data: Path) -> None:
        _, key = await endpoint.get("/api/v1/key")
        schema = "#/paths/~1key/get/responses/200/content/application~1json/schema"
        _validate(key, schema, shared_data)

    async def test_generation(self, endpoint: Endpoint, shared_data: Path) -> None:
        response = await _streamed(endpoint, "Hello")
        _, found = await endpoint.get(f"/api/v1/generation?id={response.generation_id}")
        _validate(found, "#/components/schemas/GenerationResponse", shared_data)

    async def test_whole_reply(self, endpoint: Endpoint, shared_data: Path) -> None:
        _, reply = await endpoint.ask("Hello")
        _validate(reply, "#/components/schemas/ChatResult", shared_data)

    @pytest.mark.parametrize("kind", [None, "error_chunk", "null_content", "finish_reason"])
    async def test_stream(self, endpoint: Endpoint, shared_data: Path, kind: str | None) -> None:
        if kind:
            await endpoint.script("faults", {"kind": kind})
        *chunks, done = events((await _streamed(endpoint, "Hello")).body)
        assert done == "[DONE]"
        for chunk in chunks:
            _validate(chunk, "#/components/schemas/ChatStreamChunk", shared_data)

    async def test_refusal(self, endpoint: Endpoint, shared_data: Path) -> None:
        _, reply = await endpoint.get("/api/v1/key", key="sk-wrong")
        _validate(reply, "#/components/schemas/UnauthorizedResponse", shared_data)


class _Streamed:
    def __init__(self, body: bytes, generation_id: str) -> None:
        self.body = body
        self.generation_id = generation_id


async def _streamed(endpoint: Endpoint, question: str) -> _Streamed:
    async with endpoint.http.post(
        f"{endpoint.url}/api/v1/chat/completions",
        json={**asked(question), "stream": True},
        headers={"Authorization": f"Bearer {KEY}"},
    ) as response:
        body = await response.read()
        return _Streamed(body, response.headers["X-Generation-Id"])


def _validate(value: Any, reference: str, shared_data: Path) -> None:
    contract = json.loads((shared_data / "openrouter_openapi.json").read_text())
    Draft202012Validator({"$ref": reference, **contract}).validate(value)


def _recorded_chunk(shared_data: Path) -> dict[str, Any]:
    """A chunk of text that OpenRouter once sent."""
    with (shared_data / "provider_exchanges.jsonl").open() as lines:
        exchanges = [json.loads(line) for line in lines]
    raw = next(
        exchange["response_raw"]
        for exchange in exchanges
        if exchange["provider"] == "openrouter" and exchange["stream"]
    )
    chunk: dict[str, Any] = events(raw.encode())[0]
    return chunk
