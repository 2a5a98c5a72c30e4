"""Accounts on the real server: what it logs, what it takes, what a browser keeps."""

import asyncio
import base64
import shutil
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from .conftest import PASSWORD, TOKEN, Query

NEW = "seven loud geese fly"
WRONG_TOKEN = "K4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe"
LIMIT = "100000/second"


async def test_no_password_token_or_cookie_is_written_anywhere(
    make_server: Callable[..., Any], query: Query
) -> None:
    server = make_server(
        ADMIN_REGISTRATION_TOKEN=TOKEN, STATS_API_RATE_LIMIT=LIMIT, LOG_LEVEL="DEBUG"
    )
    async with httpx2.AsyncClient(base_url=f"{server.url}/api/v1/auth") as http:
        body = {"name": "ada", "password": PASSWORD, "role": "admin"}
        for token in (WRONG_TOKEN, TOKEN):
            await http.post("/register", headers={"X-Admin-Token": token}, json=body)
        opened = await http.post("/session", auth=("ada", PASSWORD))
        assert opened.status_code == 201
        cookie = opened.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        await http.post("/password", auth=("ada", PASSWORD), json={"current": PASSWORD, "new": NEW})
        await http.get("/me", headers={"Cookie": f"__Host-parley={cookie}"})
        answers = [await http.get("/me", auth=("ada", f"{NEW} not")) for _ in range(12)]
        assert 429 in {answer.status_code for answer in answers}
        await http.get("/me", auth=(PASSWORD.replace(" ", "-"), NEW))
    server.stop()
    tables = ("api_users", "api_sessions", "audit_log", "login_failures")
    written = server.log + repr([await query(f"SELECT * FROM {table}") for table in tables])
    assert "sign_in_locked" in server.log
    assert "registration_token_refused" in server.log
    encoded = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    for secret in (PASSWORD, NEW, TOKEN, WRONG_TOKEN, cookie, encoded, "four-quiet"):
        assert secret not in written


async def test_a_megabyte_of_credentials_is_refused(
    make_server: Callable[..., Any], ada: tuple[str, str]
) -> None:
    server = make_server(STATS_API_RATE_LIMIT=LIMIT)
    async with httpx2.AsyncClient(base_url=f"{server.url}/api/v1/auth") as http:
        headers = {"Authorization": "Basic " + "A" * 1_000_000}
        try:
            answer = await http.get("/me", headers=headers)
            assert answer.status_code == 431
        except httpx2.TransportError:
            pass  # closed while we still wrote
        headers = {"Authorization": "Basic " + "A" * 20_000}
        assert (await http.get("/me", headers=headers)).status_code == 401
        assert (await http.get("/me", auth=ada)).status_code == 200


async def test_two_hundred_sign_ins_at_once_are_answered_and_the_server_stays_well(
    make_server: Callable[..., Any], ada: tuple[str, str]
) -> None:
    server = make_server(STATS_API_RATE_LIMIT=LIMIT)
    async with httpx2.AsyncClient(base_url=f"{server.url}/api/v1/auth", timeout=30) as http:
        answers = await asyncio.gather(
            *(http.get("/me", auth=(f"nobody{n}", "something else")) for n in range(200))
        )
        assert {answer.status_code for answer in answers} <= {401, 429, 503}
        assert 503 in {answer.status_code for answer in answers}
        busy = [answer for answer in answers if answer.status_code == 503]
        assert all(answer.headers["Retry-After"] for answer in busy)
        assert (await http.get(f"{server.url}/ready")).status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_browser_keeps_the_cookie_on_this_machine(
    make_server: Callable[..., Any], ada: tuple[str, str], host: str
) -> None:
    """Over plain HTTP; elsewhere it takes HTTPS."""
    playwright = pytest.importorskip("playwright.async_api")
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("there is no chromium")
    server = make_server(STATS_API_RATE_LIMIT=LIMIT)
    port = server.url.rpartition(":")[2]
    credentials = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    async with playwright.async_playwright() as browsers:
        browser = await browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(f"http://{host}:{port}/api/v1/health")
        seen = await page.evaluate(_VISIT, credentials)
        [cookie] = await page.context.cookies()
        await browser.close()
    assert seen == [401, 201, "session", 204, 401]
    assert cookie["name"] == "__Host-parley"
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"


#: signs in, asks who it is, changes the password of its own session, and is refused at last
_VISIT = """
async credentials => {
    const ask = (path, options) => fetch("/api/v1/auth" + path, options)
    const before = await ask("/me")
    const opened = await ask("/session", {
        method: "POST", headers: {Authorization: "Basic " + credentials},
    })
    const me = await (await ask("/me")).json()
    const changed = await ask("/password", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({current: "four quiet herons wade", new: "seven loud geese fly"}),
    })
    const refused = await ask("/me", {headers: {Authorization: "Basic " + credentials}})
    return [before.status, opened.status, me.signed_in_by, changed.status, refused.status]
}
"""
