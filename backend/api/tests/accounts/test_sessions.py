"""Browsers: a cookie for a password, where it is good, and its end."""

import hashlib
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.accounts import sessions
from api.accounts.passwords import Passwords
from api.accounts.signing import Accounts

from .conftest import PASSWORD, TOKEN, Query, Serving

Auth = tuple[str, str]

ME = "/api/v1/auth/me"
SESSION = "/api/v1/auth/session"
SESSIONS = "/api/v1/auth/sessions"
FROM_THE_PAGE = {"Sec-Fetch-Site": "same-origin"}


async def sign_in(http: httpx2.AsyncClient, auth: Auth) -> dict[str, str]:
    """The header that carries the cookie; the client itself keeps none."""
    answer = await http.post(SESSION, auth=auth)
    assert answer.status_code == 201
    token = answer.cookies["__Host-parley"]
    http.cookies.clear()
    return {"Cookie": f"__Host-parley={token}", **FROM_THE_PAGE}


async def status_of(http: httpx2.AsyncClient, cookie: dict[str, str]) -> int:
    return (await http.get(ME, headers=cookie)).status_code


class TestOpening:
    async def test_basic_once_and_then_the_cookie(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        answer = await http.post(SESSION, auth=ada)
        assert answer.status_code == 201
        assert answer.json() == {
            "name": "ada",
            "role": "analyst",
            "idle_seconds": 1800,
            "seconds": 43200,
        }
        assert (await http.get(ME)).json()["signed_in_by"] == "session"

    async def test_the_cookie_is_for_this_host_over_https_and_no_script(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        cookie = (await http.post(SESSION, auth=ada)).headers["Set-Cookie"]
        name_and_value, *attributes = cookie.split("; ")
        assert name_and_value.startswith("__Host-parley=")
        assert len(name_and_value.partition("=")[2]) == 43  # 256 bits
        assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=strict", "Secure"]

    async def test_only_its_digest_is_stored(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query
    ) -> None:
        token = (await http.post(SESSION, auth=ada)).cookies["__Host-parley"]
        rows = await query("SELECT * FROM api_sessions")
        assert rows[0].token_hash == hashlib.sha256(token.encode()).digest()
        assert token not in repr(rows) + repr(await query("SELECT * FROM audit_log"))

    async def test_it_needs_the_password_a_cookie_will_not_do(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        cookie = await sign_in(http, ada)
        assert (await http.post(SESSION, headers=cookie)).status_code == 401
        assert (await http.post(SESSION, auth=("ada", "wrong enough"))).status_code == 401

    async def test_signing_in_again_ends_the_session_it_replaces(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        before = await sign_in(http, ada)
        again = await http.post(SESSION, auth=ada, headers=before)
        assert again.status_code == 201
        http.cookies.clear()
        assert await status_of(http, before) == 401

    async def test_where_and_with_what_is_noted(
        self, reach: Serving, ada: Auth, query: Query
    ) -> None:
        async with reach(client=("203.0.113.7", 1)) as http:
            agent = b"Browser\x9f/1" + b"x" * 999
            await http.post(SESSION, auth=ada, headers={b"User-Agent": agent})
        [row] = await query("SELECT address, agent FROM api_sessions")
        assert row.address == "203.0.113.7"
        assert row.agent.startswith("Browser/1x")
        assert len(row.agent) == 199
        [entry] = await query("SELECT actor, action, address FROM audit_log")
        assert tuple(entry) == ("ada", "signed_in", "203.0.113.7")


class TestBeingGood:
    @pytest.mark.parametrize(
        "value",
        ["", "forged", "x" * 43, "x" * 9000, "../../etc", "%00", "a" * 42 + "!", '"quoted"'],
    )
    async def test_a_forged_cookie_is_401(
        self, http: httpx2.AsyncClient, ada: Auth, value: str
    ) -> None:
        answer = await http.get(ME, headers={"Cookie": f"__Host-parley={value}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert "ended" in answer.json()["detail"]

    @pytest.mark.parametrize(
        "end",
        [
            "UPDATE api_sessions SET last_seen_at = now() - interval '31 minutes'",
            "UPDATE api_sessions SET expires_at = now() - interval '1 second'",
            "UPDATE api_sessions SET revoked_at = now()",
            "UPDATE api_users SET disabled_at = now()",
            "DELETE FROM api_users",
        ],
    )
    async def test_it_ends(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query, end: str
    ) -> None:
        cookie = await sign_in(http, ada)
        assert await status_of(http, cookie) == 200
        await query(end)
        assert await status_of(http, cookie) == 401

    async def test_it_lasts_half_an_hour_unused_and_twelve_hours_in_all(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query
    ) -> None:
        cookie = await sign_in(http, ada)
        await query("UPDATE api_sessions SET last_seen_at = now() - interval '29 minutes'")
        assert await status_of(http, cookie) == 200
        [row] = await query(
            "SELECT expires_at - created_at AS all, now() - last_seen_at AS idle FROM api_sessions"
        )
        assert row.all.total_seconds() == 12 * 3600
        assert row.idle.total_seconds() < 10

    async def test_it_is_written_to_once_a_minute_at_most(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query
    ) -> None:
        cookie = await sign_in(http, ada)
        await query("UPDATE api_sessions SET last_seen_at = now() - interval '50 seconds'")
        before = await query("SELECT last_seen_at FROM api_sessions")
        for _ in range(3):
            await http.get(ME, headers=cookie)
        assert await query("SELECT last_seen_at FROM api_sessions") == before

    async def test_it_wants_to_be_written_to_after_a_minute(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query, database: Any
    ) -> None:
        token = (await sign_in(http, ada))["Cookie"].partition("=")[2]
        for seconds, is_due in ((40, False), (70, True)):
            seen = f"now() - interval '{seconds} seconds'"
            [before] = await query(f"UPDATE api_sessions SET last_seen_at = {seen} RETURNING *")
            async with database.write() as session:
                found = await sessions.get_session(session, token)
                assert found is not None
                assert found.is_to_be_seen is is_due
                assert await sessions.get_session(session, "\ud800" * 43) is None
                await sessions.see(session, found.id)
            [after] = await query("SELECT * FROM api_sessions")
            assert (after.last_seen_at > before.last_seen_at) is is_due

    async def test_a_changed_role_acts_at_once(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query
    ) -> None:
        cookie = await sign_in(http, ada)
        await query("UPDATE api_users SET role = 'admin'")
        assert (await http.get(ME, headers=cookie)).json()["role"] == "admin"

    async def test_an_authorization_header_is_judged_alone(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        cookie = await sign_in(http, ada)
        answer = await http.get(ME, headers=cookie, auth=("ada", "wrong enough"))
        assert answer.status_code == 401


class TestChangesFromPages:
    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({}, "cross_site"),
            ({"Sec-Fetch-Site": "cross-site"}, "foreign_origin"),
            ({"Sec-Fetch-Site": "same-site"}, "foreign_origin"),
            ({"Origin": "https://evil.example"}, "foreign_origin"),
            ({"Origin": "null"}, "foreign_origin"),
            ({"Origin": "http://api"}, "foreign_origin"),
        ],
    )
    async def test_a_strange_page_cannot_use_the_cookie(
        self, http: httpx2.AsyncClient, ada: Auth, headers: dict[str, str], code: str
    ) -> None:
        cookie = await sign_in(http, ada)
        del cookie["Sec-Fetch-Site"]
        answer = await http.delete(SESSIONS, headers=cookie | headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert await status_of(http, cookie) == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "same-origin"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "https://api"},
            {"Origin": "https://stats.example.org", "Sec-Fetch-Site": "cross-site"},
        ],
    )
    async def test_our_own_pages_and_listed_ones_can(
        self, reach: Serving, ada: Auth, headers: dict[str, str]
    ) -> None:
        async with reach(CORS_ORIGINS="https://stats.example.org") as http:
            cookie = await sign_in(http, ada)
            del cookie["Sec-Fetch-Site"]
            assert (await http.delete(SESSIONS, headers=cookie | headers)).status_code == 200

    @pytest.mark.parametrize(
        "content_type",
        ["text/plain", "application/x-www-form-urlencoded", "", "text/json"],
    )
    async def test_a_body_is_json_or_415(
        self, http: httpx2.AsyncClient, ada: Auth, content_type: str
    ) -> None:
        answer = await http.post(
            "/api/v1/auth/password",
            auth=ada,
            content=b'{"current": "four quiet herons wade", "new": "some other herons"}',
            headers={"Content-Type": content_type} if content_type else {},
        )
        assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


class TestEnding:
    async def test_signing_out_ends_this_session_and_drops_the_cookie(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query
    ) -> None:
        here, there = await sign_in(http, ada), await sign_in(http, ada)
        answer = await http.delete(SESSION, headers=here)
        assert answer.status_code == 204
        assert '__Host-parley=""' in answer.headers["Set-Cookie"]
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
        assert "Secure" in answer.headers["Set-Cookie"]
        assert await status_of(http, here) == 401
        assert await status_of(http, there) == 200
        [entry] = await query("SELECT actor FROM audit_log WHERE action = 'signed_out'")
        assert entry.actor == "ada"

    async def test_with_basic_there_is_nothing_to_end(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        assert (await http.delete(SESSION, auth=ada)).status_code == 204

    async def test_everywhere(self, http: httpx2.AsyncClient, ada: Auth) -> None:
        here, there = await sign_in(http, ada), await sign_in(http, ada)
        answer = await http.delete(SESSIONS, headers=here)
        assert answer.json() == {"revoked": 2}
        assert await status_of(http, here) == 401
        assert await status_of(http, there) == 401

    async def test_one_of_the_list(self, http: httpx2.AsyncClient, ada: Auth) -> None:
        here, there = await sign_in(http, ada), await sign_in(http, ada)
        listed = (await http.get(SESSIONS, headers=here)).json()["sessions"]
        assert [one["is_current"] for one in listed] == [False, True]
        assert {one["user"] for one in listed} == {"ada"}
        path = f"{SESSIONS}/{listed[0]['id']}"
        assert (await http.delete(path, headers=here)).status_code == 204
        assert (await http.delete(path, headers=here)).status_code == 404
        assert await status_of(http, there) == 401
        assert len((await http.get(SESSIONS, headers=here)).json()["sessions"]) == 1

    async def test_not_one_of_somebody_else(
        self, http: httpx2.AsyncClient, ada: Auth, root: Auth, query: Query
    ) -> None:
        theirs = await sign_in(http, root)
        [[number]] = await query("SELECT id FROM api_sessions")
        answer = await http.delete(f"{SESSIONS}/{number}", auth=ada)
        assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
        assert await status_of(http, theirs) == 200
        assert (await http.get(f"{SESSIONS}?user=root", auth=ada)).status_code == 403
        assert (await http.get(f"{SESSIONS}?user=nobody", auth=ada)).status_code == 403

    async def test_admins_see_and_end_those_of_all(
        self, http: httpx2.AsyncClient, ada: Auth, root: Auth, query: Query
    ) -> None:
        theirs = await sign_in(http, ada)
        listed = (await http.get(f"{SESSIONS}?user=Ada", auth=root)).json()["sessions"]
        assert [one["user"] for one in listed] == ["ada"]
        answer = await http.delete(f"{SESSIONS}/{listed[0]['id']}", auth=root)
        assert answer.status_code == 204
        assert await status_of(http, theirs) == 401
        [entry] = await query("SELECT * FROM audit_log WHERE action = 'session_revoked'")
        assert (entry.actor, entry.subject) == ("root", "ada")
        assert (await http.get(f"{SESSIONS}?user=nobody", auth=root)).status_code == 404

    @pytest.mark.parametrize("path", ["/not-a-uuid", "?user=%00", "?user=a", "/%00"])
    async def test_bad_input_is_named(
        self, http: httpx2.AsyncClient, root: Auth, path: str
    ) -> None:
        method = "GET" if "?" in path else "DELETE"
        answer = await http.request(method, SESSIONS + path, auth=root)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


class TestPasswords:
    async def test_a_new_password_ends_the_other_sessions(
        self, http: httpx2.AsyncClient, ada: Auth, query: Query
    ) -> None:
        here, there = await sign_in(http, ada), await sign_in(http, ada)
        answer = await http.post(
            "/api/v1/auth/password",
            headers=here,
            json={"current": PASSWORD, "new": "seven loud geese fly"},
        )
        assert answer.status_code == 204
        assert await status_of(http, here) == 200
        assert await status_of(http, there) == 401
        assert (await http.get(ME, auth=ada)).status_code == 401
        assert (await http.get(ME, auth=("ada", "seven loud geese fly"))).status_code == 200
        [entry] = await query("SELECT * FROM audit_log WHERE action = 'password_changed'")
        assert (entry.actor, entry.details) == ("ada", {"sessions_ended": 1})
        assert [list(row) for row in await query("SELECT version FROM api_users")] == [[2]]

    @pytest.mark.usefixtures("long_locks")
    async def test_a_stolen_session_cannot_guess_it(
        self, http: httpx2.AsyncClient, ada: Auth
    ) -> None:
        here = await sign_in(http, ada)
        body = {"current": "not this one", "new": "seven loud geese fly"}
        answers = [
            await http.post("/api/v1/auth/password", headers=here, json=body) for _ in range(6)
        ]
        assert [answer.status_code for answer in answers] == [403] * 5 + [429]
        assert answers[0].json()["code"] == "wrong_password"
        assert "seven loud" not in answers[0].text

    @pytest.mark.parametrize("new", ["short", "Password123!", "ada likes herons", "x\0yzabcdef"])
    async def test_a_weak_one_is_refused(
        self, http: httpx2.AsyncClient, ada: Auth, new: str
    ) -> None:
        answer = await http.post(
            "/api/v1/auth/password", auth=ada, json={"current": PASSWORD, "new": new}
        )
        assert answer.status_code == 422
        assert new not in answer.text
        assert (await http.get(ME, auth=ada)).status_code == 200

    async def test_an_account_that_changes_meanwhile_is_not_overwritten(
        self, reach: Serving, ada: Auth, query: Query
    ) -> None:
        class Meanwhile(Passwords):
            async def hash(self, password: str) -> str:
                await query("UPDATE api_users SET version = version + 1")
                return await super().hash(password)

        def prepare(app: FastAPI) -> None:
            app.state.accounts = Accounts(app.state.database, Meanwhile())

        body = {"current": PASSWORD, "new": "seven loud geese fly"}
        async with reach(prepare=prepare) as http:
            answer = await http.post("/api/v1/auth/password", auth=ada, json=body)
            assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
            assert (await http.get(ME, auth=ada)).status_code == 200

    async def test_one_that_cannot_be_hashed_now_is_told_to_wait(
        self, reach: Serving, ada: Auth
    ) -> None:
        def prepare(app: FastAPI) -> None:
            app.state.accounts = Accounts(app.state.database, Passwords(places=1))

        body = {"current": PASSWORD, "new": "seven loud geese fly"}
        async with reach(prepare=prepare) as http:
            cookie = await sign_in(http, ada)
            accounts: Accounts = http._transport.app.state.accounts  # type: ignore[attr-defined] # of ASGITransport
            with accounts.passwords.place():
                answers = [
                    await http.post("/api/v1/auth/password", headers=cookie, json=body),
                    await http.post(
                        "/api/v1/auth/register",
                        headers={"X-Admin-Token": TOKEN},
                        json={"name": "bob", "password": PASSWORD},
                    ),
                ]
        assert [answer.status_code for answer in answers] == [503, 503]
        assert {answer.json()["code"] for answer in answers} == {"signing_in_busy"}


async def test_sweeping_drops_sessions_that_ended_long_ago(
    http: httpx2.AsyncClient, ada: Auth, query: Query, database: Any
) -> None:
    await sign_in(http, ada)
    await query("UPDATE api_sessions SET expires_at = now() - interval '30 days 1 hour'")
    await sign_in(http, ada)
    async with database.write() as session:
        await sessions.sweep(session)
    assert len(await query("SELECT 1 FROM api_sessions")) == 1
