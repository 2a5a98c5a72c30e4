"""A request as the collectors of traces and of errors see it."""

import json
from typing import Any

import httpx2
import pytest
from backend.conftest import Collector
from fastapi import FastAPI
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from core import reporting, tracing
from core.settings import load

from .conftest import Serving

SECRET = "my-doctor-says"


@pytest.fixture
async def answers(
    serving: Serving, database_url: str, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> list[httpx2.Response]:
    """Of a route that works, one that does not, and none; all has been collected."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")  # as somebody's image may have it
    dsn = collector.url.replace("://", "://key@") + "/1"
    settings = load(None, {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "SENTRY_DSN": dsn})

    def prepare(app: FastAPI) -> None:
        @app.get("/api/v1/things/{thing}")
        async def thing(thing: str) -> None:
            raise ValueError(thing)

    with reporting.on(settings, "api"), tracing.on(settings, "api"):
        async with serving(database_url, prepare=prepare) as http:
            return [
                await http.get(path, headers={"User-Agent": SECRET})
                for path in (
                    f"/api/v1/health?q={SECRET}",
                    f"/api/v1/things/{SECRET}",
                    f"/api/v1/{SECRET}",
                )
            ]


def spans(collector: Collector) -> list[Any]:
    return [
        span
        for posted in collector.posted
        if posted.path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(posted.body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def test_each_is_a_span_named_by_its_route(
    answers: list[httpx2.Response], collector: Collector
) -> None:
    assert [answer.status_code for answer in answers] == [200, 500, 404]
    found = spans(collector)
    names = [span.name for span in found]
    assert names == ["GET /api/v1/health", "GET /api/v1/things/{thing}", "GET none"]
    assert [[(fact.key, fact.value.int_value) for fact in span.attributes] for span in found] == [
        [("status", 200)],
        [("status", 500)],
        [("status", 404)],
    ]


def test_the_trace_id_of_an_answer_finds_its_trace_and_its_error(
    answers: list[httpx2.Response], collector: Collector
) -> None:
    traces = [answer.headers["X-Trace-Id"] for answer in answers]
    assert [span.trace_id.hex() for span in spans(collector)] == traces
    [envelope] = [posted.body for posted in collector.posted if posted.path != "/v1/traces"]
    event = json.loads(envelope.splitlines()[2])
    assert event["tags"] == {"program": "api", "trace": traces[1]}
    assert event["exception"]["values"][-1]["type"] == "ValueError"


def test_nothing_of_path_query_header_or_error_leaves(
    answers: list[httpx2.Response], collector: Collector
) -> None:
    assert len(collector.posted) == 2
    assert SECRET not in collector.text
