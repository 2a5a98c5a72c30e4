"""A question on its way through the running product, as Prometheus, Sentry and traces see it."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from backend.conftest import Collector
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from .conftest import Person, Stack, call, until

Join = Callable[..., Awaitable[Person]]
Asking = Callable[[], Awaitable[tuple[str, ...]]]

SECRET = "my doctor says"
ANSWER = "Unmistakable words."


@pytest.fixture
def stack(fresh_stack: Stack) -> Stack:
    return fresh_stack


class Metrics:
    """What /metrics says, read again at each question."""

    def __init__(self, stack: Stack) -> None:
        self._url = f"{stack.bot_url}/metrics"

    async def text(self) -> str:
        async with aiohttp.ClientSession() as http, http.get(self._url) as response:
            assert response.ok
            assert response.content_type == "text/plain"
            return await response.text()

    async def value(self, name: str, **labels: str) -> float:
        for family in text_string_to_metric_families(await self.text()):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        raise AssertionError((name, labels))

    async def wait_for(self, name: str, expected: float, **labels: str) -> None:
        async def is_there() -> bool:
            return await self.value(name, **labels) == expected

        await until(is_there)


@pytest.fixture
def metrics(stack: Stack) -> Metrics:
    return Metrics(stack)


@pytest.fixture
async def asking(join: Join, http: aiohttp.ClientSession) -> Asking:
    """Asks and waits for the answer; gives what nobody but the two may ever read."""

    async def asking() -> tuple[str, ...]:
        order = {"replies": [{"exact": SECRET, "text": ANSWER}]}
        await call(http, "/script/provider/replies", order)
        ann = await join(first_name=SECRET)
        await ann.write(SECRET)
        assert await ann.wait_for_answers() == [ANSWER]
        return (SECRET, ANSWER, str(ann.id), "simulator-token", "simulator-key")

    return asking


async def test_a_question_is_counted_wherever_it_comes_by(
    stack: Stack, asking: Asking, metrics: Metrics
) -> None:
    stack.start_bot()
    private = await asking()
    await metrics.wait_for("telegram_messages_sent_total", 1, outcome="sent")
    large = {"model": "parley/demo-large"}
    for name, labels in {
        "telegram_messages_received_total": {"kind": "message"},
        "inbox_wait_seconds_count": {},
        "llm_requests_total": large,
        "llm_answers_total": {"outcome": "answered"},
        "llm_request_duration_seconds_count": large | {"outcome": "answered"},
        "telegram_request_duration_seconds_count": {"method": "sendMessage", "outcome": "answered"},
        "database_reachable": {},
        "telegram_receiving": {},
    }.items():
        assert await metrics.value(name, **labels) == 1, name
    assert await metrics.value("llm_cost_microdollars_total", **large) > 0
    assert await metrics.value("llm_tokens_total", kind="completion", **large) > 0
    assert await metrics.value("inbox_depth", state="waiting") == 0
    assert await metrics.value("database_connection_pool_size") == 20
    told = " ".join(re.findall(r"{.*}", await metrics.text()))
    assert not [word for word in private if word in told]


async def test_floods_and_fallbacks_are_counted(
    stack: Stack, join: Join, http: aiohttp.ClientSession, metrics: Metrics
) -> None:
    flood = {"method": "sendMessage", "kind": "flood", "retry_after": 1, "times": 1}
    await call(http, "/script/telegram/faults", flood)
    fault = {"kind": "status", "model": "parley/demo-large", "times": None}
    await call(http, "/script/provider/faults", fault)
    stack.start_bot()
    ann = await join()
    await ann.write("Hello!")
    await ann.wait_for_answers()
    await metrics.wait_for("telegram_messages_sent_total", 1, outcome="sent")
    assert await metrics.value("telegram_messages_sent_total", outcome="not_sent_retry") == 1
    assert await metrics.value("telegram_flood_wait_seconds_total", method="sendMessage") == 1
    assert await metrics.value("llm_fallback_used_total", model="parley/demo-small") == 1
    failed = {"model": "parley/demo-large", "error": "unavailable"}
    assert await metrics.value("llm_errors_total", **failed) == 1


async def test_an_update_that_does_not_come_is_not_received(
    stack: Stack, http: aiohttp.ClientSession, metrics: Metrics
) -> None:
    stack.start_bot()
    await metrics.wait_for("telegram_receiving", 1)
    await call(http, "/script/telegram/settings", {"conflict": True})
    await metrics.wait_for("telegram_receiving", 0)


async def test_its_way_is_a_trace_without_its_words(
    stack: Stack, asking: Asking, collector: Collector
) -> None:
    stack.bot.variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url
    stack.start_bot()
    private = await asking()
    assert stack.bot.end() == 0
    spans = [
        span
        for posted in collector.posted
        for resource in ExportTraceServiceRequest.FromString(posted.body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    parents = {span.span_id: span.name for span in spans}
    ways = {(span.name, parents.get(span.parent_span_id)) for span in spans}
    assert ways >= {
        ("update", None),
        ("turn", "update"),
        ("model call", "turn"),
        ("send", None),
        ("telegram", "send"),
    }
    assert not [word for word in private if word in collector.text]


async def test_an_error_of_ours_is_reported_without_its_words(
    stack: Stack, http: aiohttp.ClientSession, collector: Collector, metrics: Metrics
) -> None:
    stack.bot.variables["SENTRY_DSN"] = collector.url.replace("://", "://key@") + "/1"
    stack.start_bot()
    # a button that nobody pressed below a message: the handler expects the message
    data = "stop:00000000000000000000000000000000"
    person = {"id": 7, "is_bot": False, "first_name": SECRET}
    query = {"id": "1", "from": person, "chat_instance": "1", "data": data}
    update = {"update_id": 900_000, "callback_query": query}
    await call(http, "/script/telegram/updates", {"updates": [update]})
    await metrics.wait_for("update_failures_total", 1)
    assert stack.bot.end() == 0
    event: Any = json.loads(collector.posted[0].body.splitlines()[2])
    assert event["exception"]["values"][-1]["type"] == "AssertionError"
    assert (
        event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "stop_pressed"
    )
    assert event["tags"] == {"program": "bot", "kind": "callback_query"}
    assert SECRET not in collector.text
