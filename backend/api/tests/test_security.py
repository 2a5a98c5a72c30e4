"""What browsers are told, on answers of every kind."""

from collections.abc import AsyncGenerator
from typing import Annotated

import httpx2
import pytest
from fastapi import Body, FastAPI, Query
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from .conftest import Serving

OURS = "https://stats.example.org"
STRANGE = "https://evil.example"
REPORT = {"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://evil/secret"}}


def add_routes(app: FastAPI) -> None:
    @app.get("/api/v1/broken")
    async def broken() -> None:
        raise RuntimeError("hunter2")

    @app.get("/api/v1/number")
    async def number(n: Annotated[int, Query()]) -> int:
        return n

    @app.post("/api/v1/taken")
    async def taken(words: Annotated[str, Body(embed=True)]) -> str:
        return words


@pytest.fixture
async def http(serving: Serving, database_url: str) -> AsyncGenerator[httpx2.AsyncClient]:
    async with serving(database_url, prepare=add_routes, CORS_ORIGINS=OURS) as http:
        yield http


#: method, path, body, status: one answer of each kind
ANSWERS = [
    ("GET", "/api/v1/health", b"", 200),
    ("GET", "/api/v1/number?n=no", b"", 422),
    ("GET", "/api/v1/nothing", b"", 404),
    ("DELETE", "/api/v1/health", b"", 405),
    ("POST", "/api/v1/taken", b"x" * 70_000, 413),
    ("POST", "/api/v1/taken", b"{", 422),
    ("GET", "/api/v1/broken", b"", 500),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), ANSWERS)
class TestEveryAnswer:
    async def test_carries_the_headers_that_protect_a_page(
        self, http: httpx2.AsyncClient, method: str, path: str, body: bytes, status: int
    ) -> None:
        answer = await http.request(method, path, content=body)
        assert answer.status_code == status
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in answer.headers
        assert "server" not in answer.headers

    async def test_may_be_read_by_a_listed_origin_only(
        self, http: httpx2.AsyncClient, method: str, path: str, body: bytes, status: int
    ) -> None:
        answer = await http.request(method, path, content=body, headers={"Origin": OURS})
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == OURS
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        exposed = answer.headers["Access-Control-Expose-Headers"]
        for name in ("X-RateLimit-Remaining", "Retry-After", "X-Trace-Id"):
            assert name in exposed
        assert "Origin" in answer.headers["Vary"]
        strange = await http.request(method, path, content=body, headers={"Origin": STRANGE})
        assert "Access-Control-Allow-Origin" not in strange.headers

    async def test_is_a_problem_when_it_is_no_success(
        self, http: httpx2.AsyncClient, method: str, path: str, body: bytes, status: int
    ) -> None:
        answer = await http.request(method, path, content=body)
        if status < 400:
            return
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["trace_id"] == answer.headers["X-Trace-Id"]
        assert "hunter2" not in answer.text


async def test_over_https_browsers_are_told_to_stay_there(
    serving: Serving, database_url: str
) -> None:
    async with serving(database_url, base_url="https://api") as http:
        answer = await http.get("/health")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


class TestPreflight:
    @staticmethod
    async def ask(http: httpx2.AsyncClient, origin: str) -> httpx2.Response:
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        return await http.options("/api/v1/taken", headers=headers)

    async def test_of_a_listed_origin_is_granted(self, http: httpx2.AsyncClient) -> None:
        answer = await self.ask(http, OURS)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == OURS

    @pytest.mark.parametrize(
        "origin", [STRANGE, "null", OURS + ".evil", "http://stats.example.org"]
    )
    async def test_of_another_is_not(self, http: httpx2.AsyncClient, origin: str) -> None:
        answer = await self.ask(http, origin)
        assert answer.status_code == 400
        assert "Access-Control-Allow-Origin" not in answer.headers


class TestChanges:
    @staticmethod
    async def post(http: httpx2.AsyncClient, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await http.post("/api/v1/taken", json={"words": "x"}, headers=named)

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": OURS},
            {"origin": OURS, "sec_fetch_site": "cross-site"},
            {"origin": "http://api"},
            {"origin": "http://api", "sec_fetch_site": "same-origin"},
            {"sec_fetch_site": "none"},
        ],
    )
    async def test_from_programs_our_pages_and_listed_ones_are_made(
        self, http: httpx2.AsyncClient, headers: dict[str, str]
    ) -> None:
        assert (await self.post(http, **headers)).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": STRANGE},
            {"origin": "null"},
            {"origin": "https://api"},
            {"origin": STRANGE, "sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
        ],
    )
    async def test_from_strange_pages_are_refused(
        self, http: httpx2.AsyncClient, headers: dict[str, str]
    ) -> None:
        answer = await self.post(http, **headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "foreign_origin"

    async def test_need_json(self, http: httpx2.AsyncClient) -> None:
        answer = await http.post("/api/v1/taken", content=b'{"words": "x"}')
        assert answer.status_code == 422


class TestReports:
    async def test_are_counted_by_directive_and_not_read_further(
        self, serving: Serving, database_url: str
    ) -> None:
        apps: list[FastAPI] = []
        async with serving(database_url, prepare=apps.append) as http:
            with capture_logs() as logs:
                answer = await http.post(
                    "/api/v1/csp-report",
                    json=REPORT,
                    headers={"Content-Type": "application/csp-report"},
                )
                made_up = {"csp-report": {"violated-directive": "made-up/path"}}
                await http.post("/api/v1/csp-report", json=made_up)
        assert (answer.status_code, answer.content) == (204, b"")
        assert [log["directive"] for log in logs] == ["img-src", "other"]
        assert "evil" not in str(logs)
        metrics = generate_latest(apps[0].state.metrics.registry).decode()
        assert 'csp_reports_total{directive="img-src"} 1.0' in metrics
        assert "made-up" not in metrics

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"", 400),
            (b"[]", 400),
            (b"{}", 400),
            (b'{"csp-report": 3}', 400),
            (b'{"csp-report": {}}', 400),
            (b"\xff\x00", 400),
            (b"[" * 8000, 400),
            (b'{"csp-report": "' + b"x" * 9000 + b'"}', 413),
        ],
    )
    async def test_that_are_none_are_refused(
        self, http: httpx2.AsyncClient, body: bytes, status: int
    ) -> None:
        answer = await http.post("/api/v1/csp-report", content=body)
        assert answer.status_code == status


async def test_no_page_describes_the_api_to_everybody(http: httpx2.AsyncClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/metrics"):
        assert (await http.get(path)).status_code == 404, path
    assert (await http.get("/api/v1/openapi.json")).status_code == 401


async def test_its_description_knows_the_refusals_of_the_edges(
    serving: Serving, database_url: str
) -> None:
    apps: list[FastAPI] = []
    async with serving(database_url, prepare=apps.append):
        described = apps[0].openapi()
    responses = described["paths"]["/api/v1/health"]["get"]["responses"]
    assert set(responses) >= {"200", "408", "413", "429", "503"}
    examples = responses["429"]["content"]["application/problem+json"]["examples"]
    assert examples["rate_limited"]["value"]["status"] == 429
