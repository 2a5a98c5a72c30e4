"""Calls to models as Prometheus sees them."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot.metrics_models import Numbers, Watched
from core.llm.errors import Broken, Declined, KeyRefused, ModelError, RateLimited, Unavailable
from core.llm.model import Completion, Finish, Finished, Prompt, PromptMessage, Role
from core.llm.router import Router
from core.llm.scripted import ScriptedModel, Step
from core.llm.target import Target
from core.llm.usage import Usage

PROMPT = Prompt(messages=(PromptMessage(role=Role.USER, content="Why?"),))
DONE = Completion(
    text="Because.",
    finish=Finish.STOP,
    model="large-2026-11",
    provider="Acme",
    generation_id="g",
    usage=Usage(
        prompt_tokens=30,
        completion_tokens=20,
        cached_tokens=10,
        reasoning_tokens=5,
        cost_micros=120,
    ),
)
ANSWER: Sequence[Step] = ("Because.", Finished(completion=DONE))


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


@pytest.fixture
def ask(registry: CollectorRegistry) -> Any:
    async def ask(
        scripts: dict[str, Sequence[Step]], *, events: int | None = None
    ) -> ModelError | None:
        """Put a question to models with these scripts; go away after so many events."""
        targets = [
            Target(model=ScriptedModel(script, name=name), window=1000)
            for name, script in scripts.items()
        ]
        watched = Watched(Router(targets), Numbers(registry, ["large", "small"]))
        try:
            async with aclosing(watched.stream(PROMPT)) as stream:
                async for _ in stream:
                    events = events - 1 if events is not None else None
                    if events == 0:
                        break
        except ModelError as error:
            return error
        return None

    return ask


async def test_an_answer_is_counted_with_its_tokens_and_cost(
    registry: CollectorRegistry, ask: Any
) -> None:
    await ask({"large": ANSWER})
    assert value(registry, "llm_requests_total", model="large") == 1
    assert value(registry, "llm_answers_total", outcome="answered") == 1
    assert value(registry, "llm_fallback_used_total", model="large") == 0
    assert value(registry, "llm_cost_microdollars_total", model="large") == 120
    assert value(registry, "llm_first_token_seconds_count", model="large") == 1
    timed = {"model": "large", "outcome": "answered"}
    assert value(registry, "llm_request_duration_seconds_count", **timed) == 1
    tokens = {
        kind: value(registry, "llm_tokens_total", model="large", kind=kind)
        for kind in ("prompt", "cached", "completion", "reasoning")
    }
    assert tokens == {"prompt": 30, "cached": 10, "completion": 20, "reasoning": 5}


async def test_an_answer_by_the_next_model_is_a_fallback_of_that_model(
    registry: CollectorRegistry, ask: Any
) -> None:
    await ask({"large": [Unavailable()], "small": ANSWER})
    assert value(registry, "llm_errors_total", model="large", error="unavailable") == 1
    assert value(registry, "llm_fallback_used_total", model="small") == 1
    assert value(registry, "llm_fallback_used_total", model="large") == 0
    timed = {"model": "large", "outcome": "failed"}
    assert value(registry, "llm_request_duration_seconds_count", **timed) == 1
    assert value(registry, "llm_answers_total", outcome="answered") == 1


async def test_a_question_that_no_model_answers_has_failed(
    registry: CollectorRegistry, ask: Any
) -> None:
    await ask({"large": [KeyRefused()], "small": ["Half", Broken()]})
    assert value(registry, "llm_errors_total", model="large", error="key_refused") == 1
    assert value(registry, "llm_errors_total", model="small", error="broken") == 1
    assert value(registry, "llm_answers_total", outcome="failed") == 1


async def test_what_a_provider_declines_has_not_failed(
    registry: CollectorRegistry, ask: Any
) -> None:
    assert isinstance(await ask({"large": [Declined()]}), Declined)
    assert value(registry, "llm_answers_total", outcome="declined") == 1
    assert value(registry, "llm_answers_total", outcome="failed") == 0


async def test_a_listener_who_goes_away_stops_the_call(
    registry: CollectorRegistry, ask: Any
) -> None:
    await ask({"large": ["Be", "cause", "."]}, events=2)
    timed = {"model": "large", "outcome": "stopped"}
    assert value(registry, "llm_request_duration_seconds_count", **timed) == 1
    assert value(registry, "llm_answers_total", outcome="stopped") == 1


async def test_a_model_nobody_configured_is_other(registry: CollectorRegistry, ask: Any) -> None:
    await ask({"free text": ANSWER})
    assert value(registry, "llm_requests_total", model="other") == 1
    assert value(registry, "llm_requests_total", model="free text") is None


def test_every_kind_of_error_begins_at_zero(registry: CollectorRegistry) -> None:
    Numbers(registry, ["large"])
    for error in (RateLimited(), KeyRefused(), Unavailable()):
        labels = {"model": "large", "error": error.kind}
        assert value(registry, "llm_errors_total", **labels) == 0
