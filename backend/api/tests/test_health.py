"""Health and readiness of the API, over its real HTTP stack."""

from collections.abc import AsyncGenerator

import httpx2
import pytest

from .conftest import Serving

NOWHERE = "postgresql://someone@127.0.0.1:9/parley"


@pytest.fixture
async def client(serving: Serving, database_url: str) -> AsyncGenerator[httpx2.AsyncClient]:
    async with serving(database_url) as client:
        yield client


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
async def test_a_healthy_api(client: httpx2.AsyncClient, prefix: str) -> None:
    response = await client.get(f"{prefix}/health")
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "ok")
    assert body["database"]["is_reachable"]
    assert body["database"]["latency_ms"] > 0
    assert body["database"]["pool_size"] == 20
    assert body["rate_limits"] == "memory"
    assert body["version"]
    assert body["uptime_seconds"] >= 0


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
async def test_an_api_with_its_tables_is_ready(client: httpx2.AsyncClient, prefix: str) -> None:
    response = await client.get(f"{prefix}/ready")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"database": True, "migrations": True}}


async def test_without_tables_it_is_not_ready(serving: Serving, empty_database_url: str) -> None:
    async with serving(empty_database_url) as client:
        response = await client.get("/ready")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": True, "migrations": False}


async def test_without_a_database_it_lives_and_says_so(serving: Serving) -> None:
    async with serving(NOWHERE) as client:
        health, ready = await client.get("/health"), await client.get("/ready")
    assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert health.json()["database"]["latency_ms"] is None
    assert ready.status_code == 503
    assert "someone" not in health.text + ready.text
