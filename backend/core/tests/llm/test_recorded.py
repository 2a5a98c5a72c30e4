"""Replies that real providers once gave, sent again byte by byte."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from backend.core.tests.llm.conftest import PROMPT, Wire, head

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.model import ChatModel, Completion, Finished, Token
from core.llm.openai import OpenAICompatible
from core.llm.priced import Priced
from core.llm.usage import CostSource, Price, Usage

Exchange = dict[str, Any]
#: dollars for a million tokens
PRICE = Price(prompt=Decimal(4), cached=Decimal(1), completion=Decimal(8))
REFUSALS = {400: errors.BadRequest, 404: errors.Gone, 429: errors.RateLimited}


@pytest.fixture(scope="session")
def exchanges(shared_data: Path) -> list[Exchange]:
    lines = (shared_data / "provider_exchanges.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def asked(model: ChatModel) -> ChatModel:
    """A model that says what its answers cost, at prices that can be worked out by hand."""
    return Priced(model, expected=Usage(prompt_tokens=21), price=PRICE)


async def outcome(wire: Wire, model: OpenAICompatible, exchange: Exchange) -> Any:
    """The completion with the text that was shown, or the class of the error."""
    content_type = exchange["response_headers"].get("content-type", "application/json")
    raw = exchange.get("response_raw") or json.dumps(exchange["response_json"])
    wire.replies.clear()
    wire.reply(head(exchange["status"], content_type), raw.encode())
    shown = ""
    try:
        async for event in asked(model).stream(PROMPT):
            if isinstance(event, Token):
                shown += event.text
            elif isinstance(event, Finished):
                return event.completion, shown
    except ModelError as error:
        return type(error)


async def test_refusals(wire: Wire, model: OpenAICompatible, exchanges: list[Exchange]) -> None:
    refused = [exchange for exchange in exchanges if exchange["status"] != 200]
    assert len(refused) == 7
    for exchange in refused:
        assert await outcome(wire, model, exchange) is REFUSALS[exchange["status"]]


async def test_whole_answers(
    wire: Wire, model: OpenAICompatible, exchanges: list[Exchange]
) -> None:
    whole = [x for x in exchanges if x["status"] == 200 and not x["stream"]]
    assert len(whole) == 235
    for exchange in whole:
        (choice,) = exchange["response_json"]["choices"]
        text, reason = choice["message"].get("content") or "", choice["finish_reason"]
        check(await outcome(wire, model, exchange), text, reason, exchange["response_json"])


async def test_streams(wire: Wire, model: OpenAICompatible, exchanges: list[Exchange]) -> None:
    streams = [x for x in exchanges if x["status"] == 200 and x["stream"]]
    assert len(streams) == 42
    for exchange in streams:
        text, reason = "", None
        facts: Exchange = {}
        for chunk in chunks(exchange["response_raw"]):
            facts |= {name: value for name, value in chunk.items() if value}
            for choice in chunk.get("choices") or []:
                text += choice["delta"].get("content") or ""
                reason = choice["finish_reason"] or reason
        check(await outcome(wire, model, exchange), text, reason, facts)


def chunks(raw: str) -> Iterator[Exchange]:
    for line in re.findall(r"^data: (\{.*)$", raw, re.MULTILINE):
        yield json.loads(line)


def check(got: Any, text: str, reason: str | None, facts: Exchange) -> None:
    if "error" in facts:  # inside a 200: both are the provider's 400 before any text
        assert (got, text) == (errors.BadRequest, "")
    elif reason == "tool_calls":
        assert got is (errors.Broken if text.strip() else errors.Garbage)
    else:
        completion, shown = got
        assert shown == completion.text == text
        check_facts(completion, facts)


def check_facts(completion: Completion, facts: Exchange) -> None:
    usage = facts["usage"]
    details = usage.get("completion_tokens_details") or {}
    assert completion.model == facts["model"]
    assert completion.generation_id == facts["id"]
    assert completion.provider == facts.get("provider")
    assert completion.usage.prompt_tokens == usage["prompt_tokens"]
    assert completion.usage.completion_tokens == usage["completion_tokens"]
    assert completion.usage.reasoning_tokens == (details.get("reasoning_tokens") or 0)
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    assert completion.usage.cached_tokens == cached
    if "cost" in usage:
        assert completion.usage.cost_source is CostSource.USAGE
        assert abs(completion.usage.cost_micros - Decimal(str(usage["cost"])) * 1_000_000) <= 0.5
    else:
        assert completion.usage.cost_source is CostSource.ESTIMATED
        paid = 4 * (usage["prompt_tokens"] - cached) + cached + 8 * usage["completion_tokens"]
        assert completion.usage.cost_micros == paid
