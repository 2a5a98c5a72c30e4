"""What Prometheus reads on the private port of a real server."""

import asyncio
import signal
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from core import watch

from .conftest import Serving

Samples = dict[str, list[tuple[dict[str, str], float]]]

SECRET = "7f3a-somebody"


def samples(text: str) -> Samples:
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


async def test_requests_queries_and_the_pool_are_counted(make_server: Callable[..., Any]) -> None:
    server = make_server()
    async with httpx2.AsyncClient() as http:
        for path in ("/api/v1/health", f"/api/v1/{SECRET}", f"/{SECRET}?text={SECRET}"):
            await http.get(server.url + path)
        await http.delete(f"{server.url}/api/v1/health")
        text = (await http.get(server.metrics_url)).text
    found = samples(text)
    counted = [labels for labels, _ in found["stats_api_requests_total"]]
    routes = {(labels["route"], labels["status"]) for labels in counted}
    assert routes >= {("/api/v1/health", "200"), ("/api/v1/health", "405"), ("none", "404")}
    queries = {labels["query"] for labels, _ in found["database_query_duration_seconds_count"]}
    assert queries == {"health.ping", "other"}
    assert found["database_connection_pool_size"] == [({}, 20.0)]
    assert found["database_connection_pool_available"] == [({}, 20.0)]
    assert found["rate_limit_fallback"] == [({}, 0.0)]
    assert "http_request_duration_seconds_bucket" in found
    assert SECRET not in text


async def test_they_are_on_the_private_port_alone(make_server: Callable[..., Any]) -> None:
    server = make_server()
    async with httpx2.AsyncClient() as http:
        assert (await http.get(f"{server.url}/metrics")).status_code == 404
        assert (await http.get(server.metrics_url)).status_code == 200


async def test_a_server_that_is_told_to_stop_frees_both_ports(
    make_server: Callable[..., Any],
) -> None:
    server = make_server()
    assert server.stop(signal.SIGTERM) == 0
    server.start()
    assert server.stop(signal.SIGINT) in {0, -signal.SIGINT}
    assert "Traceback" not in server.log


async def test_a_path_below_a_route_is_no_label(serving: Serving, database_url: str) -> None:
    apps: list[FastAPI] = []

    def prepare(app: FastAPI) -> None:
        @app.get("/api/v1/things/{thing}")
        async def thing(thing: str) -> str:
            return thing

        apps.append(app)

    async with serving(database_url, prepare=prepare) as http:
        for path in ("", "/", "/more", "%2Fmore"):
            await http.get(f"/api/v1/things/{SECRET}{path}")
        await http.request("FETCH", f"/api/v1/things/{SECRET}")
    text = generate_latest(apps[0].state.metrics.registry).decode()
    assert 'route="/api/v1/things/{thing}",status="200"' in text
    assert SECRET not in text


async def test_applications_in_one_process_count_for_themselves(
    serving: Serving, database_url: str
) -> None:
    apps: list[FastAPI] = []
    for _ in range(2):
        async with serving(database_url, prepare=apps.append) as http:
            await http.get("/health")
    for app in apps:
        found = samples(generate_latest(app.state.metrics.registry).decode())
        assert found["stats_api_requests_total"] == [({"route": "/health", "status": "200"}, 1.0)]


async def test_a_stream_is_counted_when_it_ends(serving: Serving, database_url: str) -> None:
    from fastapi.responses import StreamingResponse

    apps: list[FastAPI] = []

    def prepare(app: FastAPI) -> None:
        async def lines() -> AsyncGenerator[str]:
            yield "one\n"
            yield "two\n"

        @app.get("/api/v1/lines")
        async def stream() -> StreamingResponse:
            return StreamingResponse(lines())

        apps.append(app)

    async with serving(database_url, prepare=prepare) as http:
        assert (await http.get("/api/v1/lines")).text == "one\ntwo\n"
    text = generate_latest(apps[0].state.metrics.registry).decode()
    assert 'stats_api_requests_total{route="/api/v1/lines",status="200"} 1.0' in text


async def test_a_loop_that_stands_is_counted(
    serving: Serving, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_STEP_SECONDS", 0.05)
    applications: list[FastAPI] = []
    async with serving(database_url, prepare=applications.append):
        registry = applications[0].state.metrics.registry
        time.sleep(0.6)
        async with asyncio.timeout(20):
            while not registry.get_sample_value("event_loop_stall_seconds_count"):
                await asyncio.sleep(0.01)
        assert registry.get_sample_value("event_loop_stall_seconds_sum") > 0.4
