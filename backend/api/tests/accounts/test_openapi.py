"""What the API's description says of accounts."""

from typing import Any

import httpx2
import pytest

Auth = tuple[str, str]

OPEN = {"/api/v1/health", "/api/v1/ready", "/api/v1/auth/register"}


@pytest.fixture
async def description(http: httpx2.AsyncClient, ada: Auth) -> dict[str, Any]:
    answer = await http.get("/api/v1/openapi.json", auth=ada)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def operations(description: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


async def test_it_is_for_those_who_are_signed_in(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/api/v1/openapi.json")).status_code == 401


async def test_each_protected_route_shows_both_ways_in(description: dict[str, Any]) -> None:
    assert description["components"]["securitySchemes"]["basic"]["scheme"] == "basic"
    assert description["components"]["securitySchemes"]["session"]["name"] == "__Host-parley"
    for (method, path), operation in operations(description).items():
        if (method, path) == ("post", "/api/v1/auth/session"):
            assert operation["security"] == [{"basic": []}]
        elif path in OPEN:
            assert "security" not in operation
        else:
            assert operation["security"] == [{"basic": []}, {"session": []}], path


async def test_each_route_of_accounts_has_a_summary_and_its_errors(
    description: dict[str, Any],
) -> None:
    for (method, path), operation in operations(description).items():
        if not path.startswith("/api/v1/auth/"):
            continue
        assert operation["summary"]
        answers = operation["responses"]
        wanted = {"408", "413", "429", "503"} | (set() if path in OPEN else {"401"})
        wanted |= {"403", "415"} if method != "get" else set()
        assert wanted <= set(answers), path
        for status, answer in answers.items():
            if status < "400":
                continue
            examples = answer["content"]["application/problem+json"]["examples"]
            assert all(one["value"]["status"] == int(status) for one in examples.values())
            assert answer["description"]


async def test_one_status_lists_all_its_codes(description: dict[str, Any]) -> None:
    answer = operations(description)["post", "/api/v1/auth/session"]["responses"]["429"]
    examples = answer["content"]["application/problem+json"]["examples"]
    assert set(examples) == {"rate_limited", "too_many_failures"}
