"""The dashboard's files and its page, and all that they are not."""

import gzip
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client import generate_latest

from core.errors import SettingsError

from .conftest import Serving

PAGE = "<!doctype html><title>Parley</title>"
SCRIPT = "console.log('parley')" * 40
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built dashboard, and a secret beside it."""
    (tmp_path / "secret.txt").write_text("SECRET")
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "icon.svg").write_text("<svg/>")
    script = folder / "assets" / "app-4f1c.js"
    script.write_text(SCRIPT)
    script.with_name("app-4f1c.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    script.with_name("app-4f1c.js.br").write_bytes(b"packed with brotli")
    (folder / "assets" / "inter.woff2").write_bytes(b"a font")
    (folder / "assets" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
async def http(
    serving: Serving, database_url: str, folder: Path
) -> AsyncGenerator[httpx2.AsyncClient]:
    async with serving(database_url, DASHBOARD_FOLDER=str(folder)) as http:
        http.headers["Accept-Encoding"] = "identity"
        yield http


SCRIPT_PATH = "/assets/app-4f1c.js"


class TestPage:
    @pytest.mark.parametrize(
        "path", ["/", "/people", "/dialogs/5e5a?reason=x", "/a/b/c.html", "/apiary"]
    )
    async def test_is_the_answer_to_every_path_a_browser_opens(
        self, http: httpx2.AsyncClient, path: str
    ) -> None:
        answer = await http.get(path, headers=BROWSER)
        assert (answer.status_code, answer.text) == (200, PAGE)
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]

    async def test_is_at_the_root_for_programs_too(self, http: httpx2.AsyncClient) -> None:
        assert (await http.get("/", headers={"Accept": "*/*"})).text == PAGE

    @pytest.mark.parametrize(
        "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/stats", "/metrics"]
    )
    async def test_is_no_answer_of_the_api(self, http: httpx2.AsyncClient, path: str) -> None:
        assert_not_found(await http.get(path, headers=BROWSER))

    async def test_does_not_hide_the_probes(self, http: httpx2.AsyncClient) -> None:
        for path in ("/health", "/ready", "/api/v1/health"):
            answer = await http.get(path, headers=BROWSER)
            assert answer.headers["Content-Type"] == "application/json"

    async def test_is_not_what_a_program_looks_for(self, http: httpx2.AsyncClient) -> None:
        for accept in ("*/*", "application/json", "image/png"):
            assert_not_found(await http.get("/people", headers={"Accept": accept}))

    async def test_takes_nothing(self, http: httpx2.AsyncClient) -> None:
        for path in ("/", "/people", SCRIPT_PATH):
            answer = await http.post(path, headers=BROWSER)
            assert answer.status_code == 405
            assert answer.headers["Allow"] == "GET"
            assert answer.json()["code"] == "method_not_allowed"


class TestFiles:
    async def test_named_by_their_content_are_kept_for_a_year(
        self, http: httpx2.AsyncClient
    ) -> None:
        answer = await http.get(SCRIPT_PATH)
        assert answer.text == SCRIPT
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        font = await http.get("/assets/inter.woff2")
        assert font.headers["Content-Type"] == "font/woff2"
        assert "Accept-Encoding" not in font.headers["Vary"]

    async def test_of_other_names_are_asked_for_each_time(self, http: httpx2.AsyncClient) -> None:
        answer = await http.get("/icon.svg")
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.headers["Cache-Control"] == "no-cache"

    async def test_that_are_missing_are_not_found(self, http: httpx2.AsyncClient) -> None:
        for path in ("/assets/app-0000.js", "/assets/", "/assets", "/icon.png"):
            accept = BROWSER if path.startswith("/assets/") else {"Accept": "*/*"}
            assert_not_found(await http.get(path, headers=accept))

    async def test_have_a_head(self, http: httpx2.AsyncClient) -> None:
        for path, length in (("/", len(PAGE)), (SCRIPT_PATH, len(SCRIPT))):
            answer = await http.head(path)
            assert (answer.status_code, answer.content) == (200, b"")
            assert answer.headers["Content-Length"] == str(length)


class TestPacked:
    @pytest.mark.parametrize(
        ("accepted", "sent"),
        [
            ("gzip, deflate, br", "br"),
            ("BR;q=0.5,gzip", "br"),
            ("gzip", "gzip"),
            ("br;q=0, gzip;q=0.1", "gzip"),
            ("br; q=0.000, gzip;q=0", None),
            ("deflate, zstd", None),
            ("brotli, x-gzip", None),
            ("", None),
        ],
    )
    async def test_files_go_to_who_can_unpack_them(
        self, http: httpx2.AsyncClient, folder: Path, accepted: str, sent: str | None
    ) -> None:
        asked = {"Accept-Encoding": accepted}
        async with http.stream("GET", SCRIPT_PATH, headers=asked) as answer:
            received = b"".join([piece async for piece in answer.aiter_raw()])
        assert answer.headers.get("Content-Encoding") == sent
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Content-Type"].startswith("text/javascript")
        name = SCRIPT_PATH + {"br": ".br", "gzip": ".gz", None: ""}[sent]
        assert received == (folder / name.removeprefix("/")).read_bytes()

    async def test_files_are_no_addresses_themselves(self, http: httpx2.AsyncClient) -> None:
        for path in (f"{SCRIPT_PATH}.gz", f"{SCRIPT_PATH}.br"):
            assert_not_found(await http.get(path))


class TestNotModified:
    async def test_is_told_to_who_has_the_same(self, http: httpx2.AsyncClient) -> None:
        for path in ("/", SCRIPT_PATH):
            first = await http.get(path, headers=BROWSER)
            known = BROWSER | {"If-None-Match": f"W/{first.headers['ETag']}"}
            again = await http.get(path, headers=known)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
            assert again.headers.get("Vary") == first.headers.get("Vary")

    async def test_is_not_told_of_the_same_packed_otherwise(self, http: httpx2.AsyncClient) -> None:
        plain = await http.get(SCRIPT_PATH)
        asked = {"If-None-Match": plain.headers["ETag"], "Accept-Encoding": "gzip"}
        assert (await http.get(SCRIPT_PATH, headers=asked)).status_code == 200

    async def test_is_not_told_after_a_change(self, http: httpx2.AsyncClient, folder: Path) -> None:
        first = await http.get("/")
        (folder / "index.html").write_text(f"{PAGE} anew")
        again = await http.get("/", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.text) == (200, f"{PAGE} anew")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/%2fetc/passwd",
        "/assets/link.txt",
        "/secret.txt%00.js",
        "/assets/%00",
        f"/{'a' * 5000}",
        f"/assets/{'a/' * 2000}",
    ],
)
async def test_nothing_outside_the_folder_is_served(
    serving: Serving, database_url: str, folder: Path, path: str
) -> None:
    """As the server hands it over: percent signs decoded, dots left as they are."""
    async with serving(database_url, DASHBOARD_FOLDER=str(folder)) as http:
        for accept in ("*/*", "text/html"):
            url = httpx2.URL("http://api").copy_with(raw_path=path.encode())
            answer = await http.get(url, headers={"Accept": accept})
            assert "SECRET" not in answer.text
            assert "root:" not in answer.text
            assert answer.status_code == 404 or answer.text == PAGE, answer.text


async def test_files_do_not_count_as_questions(
    serving: Serving, database_url: str, folder: Path
) -> None:
    limits = {"STATS_API_RATE_LIMIT": "2/hour", "DASHBOARD_FOLDER": str(folder)}
    async with serving(database_url, **limits) as http:
        http.headers["Accept-Encoding"] = "identity"
        for _ in range(20):
            assert (await http.get(SCRIPT_PATH)).status_code == 200
            assert (await http.get("/", headers=BROWSER)).status_code == 200
        answer = await http.get("/api/v1/auth/me")
        assert answer.status_code == 401
        assert answer.headers["X-RateLimit-Remaining"] == "1"


async def test_metrics_do_not_name_paths(serving: Serving, database_url: str, folder: Path) -> None:
    apps: list[Any] = []
    async with serving(database_url, DASHBOARD_FOLDER=str(folder), prepare=apps.append) as http:
        await http.get("/people/7f3a", headers=BROWSER)
    text = generate_latest(apps[0].state.metrics.registry).decode()
    assert "7f3a" not in text
    assert 'stats_api_requests_total{route="/{path:path}",status="200"} 1.0' in text


async def test_without_a_dashboard_there_is_no_page(serving: Serving, database_url: str) -> None:
    async with serving(database_url) as http:
        for path in ("/", "/people", SCRIPT_PATH):
            assert_not_found(await http.get(path, headers=BROWSER))


async def test_a_folder_without_a_page_stops_the_start(
    serving: Serving, database_url: str, tmp_path: Path
) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(SettingsError, match=r"DASHBOARD_FOLDER is wrong: there is no index"):
            async with serving(database_url, DASHBOARD_FOLDER=str(folder)):
                pass


def assert_not_found(answer: httpx2.Response) -> None:
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
