"""Spans as a collector receives them, over HTTP."""

from typing import Any

import pytest
from backend.conftest import Collector
from opentelemetry import trace
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core import tracing
from core.settings import Settings, load

SECRET = "my doctor says"


@pytest.fixture
def settings(collector: Collector) -> Settings:
    return load(None, {"OTEL_EXPORTER_OTLP_ENDPOINT": f"{collector.url}/"})


def resources(collector: Collector) -> list[Any]:
    requests = [ExportTraceServiceRequest.FromString(posted.body) for posted in collector.posted]
    return [resource for request in requests for resource in request.resource_spans]


def spans(collector: Collector) -> dict[str, Any]:
    """By name."""
    return {
        span.name: span
        for resource in resources(collector)
        for scope in resource.scope_spans
        for span in scope.spans
    }


def facts(span: Any) -> dict[str, Any]:
    """Each value is one of several fields."""
    return {
        fact.key: getattr(fact.value, fact.value.WhichOneof("value")) for fact in span.attributes
    }


def test_steps_within_steps_arrive_with_their_facts(
    collector: Collector, settings: Settings
) -> None:
    with tracing.on(settings, "bot"), tracing.span("update", kind="message") as update:
        call = tracing.start("model call", model="parley/demo-large")
        with tracing.span("turn") as turn:
            turn.name("a turn")
            turn.note(outcome="answered", tokens=12)
        call.end()
    assert [posted.path for posted in collector.posted] == ["/v1/traces"]
    found = spans(collector)
    assert found.keys() == {"update", "model call", "a turn"}
    assert {span.trace_id.hex() for span in found.values()} == {update.trace_id}
    assert found["a turn"].parent_span_id == found["update"].span_id
    assert found["model call"].parent_span_id == found["update"].span_id
    assert facts(found["update"]) == {"kind": "message"}
    assert facts(found["a turn"]) == {"outcome": "answered", "tokens": 12}
    [resource] = resources(collector)
    assert facts(resource.resource)["service.name"] == "parley-bot"


def test_of_an_error_its_type_alone_is_told(collector: Collector, settings: Settings) -> None:
    with (
        tracing.on(settings, "bot"),
        pytest.raises(ValueError, match=SECRET),
        tracing.span("update"),
    ):
        raise ValueError(SECRET)
    assert facts(spans(collector)["update"]) == {"error.type": "ValueError"}
    assert spans(collector)["update"].status.code == 2
    assert SECRET not in collector.text


def test_libraries_that_look_for_a_tracer_find_none(settings: Settings) -> None:
    with tracing.on(settings, "api"):
        assert not trace.get_tracer("fastapi").start_span("request").is_recording()


def test_a_collector_that_is_away_costs_the_traces_alone(unused_port: int) -> None:
    address = f"http://127.0.0.1:{unused_port}"
    settings = load(None, {"OTEL_EXPORTER_OTLP_ENDPOINT": address})
    with tracing.on(settings, "bot"), tracing.span("update"):
        pass


def test_outside_of_the_block_a_step_is_nothing(collector: Collector, settings: Settings) -> None:
    with tracing.on(settings, "bot"):
        pass
    with tracing.span("update", kind="message") as span:
        span.name("other")
        span.note(outcome="answered")
        span.fail("Error")
        tracing.start("call").end()
    assert span.trace_id is None
    assert collector.posted == []
