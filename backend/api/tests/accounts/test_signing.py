"""Signing in with HTTP Basic, right and wrong."""

import asyncio
import base64
import statistics
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from api.accounts import signing
from api.accounts.basic import Credentials
from api.accounts.passwords import Passwords, Verdict, make_context
from api.accounts.signing import Accounts
from api.accounts.store import Account
from core.db.session import Database

from .conftest import PASSWORD, Add, Query, Serving

ME = "/api/v1/auth/me"
#: differ between any two answers
OF_THE_REQUEST = {"x-trace-id", "x-ratelimit-remaining", "x-ratelimit-reset"}


@pytest.fixture
def cheap_hashes() -> None:
    """Not here: what a hash takes belongs to what is tried."""


def basic(words: bytes) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(words).decode()}"}


def shape(answer: httpx2.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """An answer without what is different each time."""
    headers = {k: v for k, v in answer.headers.items() if k not in OF_THE_REQUEST}
    return answer.status_code, headers, answer.json() | {"trace_id": ""}


class Counting(Passwords):
    def __init__(self) -> None:
        super().__init__()
        self.verified = 0

    async def verify(self, password: str, known_hash: str | None) -> Verdict:
        self.verified += 1
        return await super().verify(password, known_hash)


class Counted:
    """Counts statements and hashes of one application."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.passwords = Counting()

    def prepare(self, app: FastAPI) -> None:
        app.state.accounts = Accounts(app.state.database, self.passwords)
        engine = app.state.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._before)

    def _before(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)


class TestWho:
    async def test_the_right_password_signs_in(
        self, http: httpx2.AsyncClient, ada: tuple[str, str]
    ) -> None:
        answer = await http.get(ME, auth=ada)
        assert answer.status_code == 200
        assert answer.json() == {"name": "ada", "role": "analyst", "signed_in_by": "basic"}

    async def test_names_have_no_case_but_passwords_do(
        self, http: httpx2.AsyncClient, ada: tuple[str, str]
    ) -> None:
        assert (await http.get(ME, auth=("ADA", PASSWORD))).status_code == 200
        assert (await http.get(ME, auth=("ada", PASSWORD.upper()))).status_code == 401

    async def test_a_password_of_any_script_signs_in(
        self, http: httpx2.AsyncClient, add: Add
    ) -> None:
        await add("lev", password="пароль: 🦊 и é")
        answer = await http.get(ME, headers=basic("lev:пароль: 🦊 и é".encode()))
        assert answer.status_code == 200
        latin = await http.get(ME, headers=basic("lev:пароль: 🦊 и é".encode("utf-16")))
        assert latin.status_code == 401

    async def test_nothing_given_is_told_how(self, http: httpx2.AsyncClient) -> None:
        answer = await http.get(ME)
        assert answer.status_code == 401
        assert answer.json()["code"] == "not_authenticated"
        assert "POST /auth/session" in answer.json()["detail"]
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Parley", charset="UTF-8"'

    @pytest.mark.parametrize(
        "headers",
        [
            {"X-Requested-With": "fetch"},
            {"Sec-Fetch-Dest": "empty"},
            {"Cookie": "__Host-parley=forged"},
        ],
    )
    async def test_a_page_is_not_answered_with_the_browsers_own_dialog(
        self, http: httpx2.AsyncClient, headers: dict[str, str]
    ) -> None:
        answer = await http.get(ME, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Session realm="Parley"'

    @pytest.mark.parametrize(
        "headers",
        [
            basic(b"ada:four quiet\0herons wade"),
            basic(b"ada\0:four quiet herons wade"),
            basic(b"ada:\xff\xfe"),
            basic(b"ada"),
            basic(b"ada:" + b"x" * 1000),
            {"Authorization": "Bearer abc"},
            {"Authorization": "Basic"},
            {"Authorization": "Basic %%%"},
            {"Authorization": ""},
        ],
    )
    async def test_what_cannot_be_read_is_401(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], headers: dict[str, str]
    ) -> None:
        answer = await http.get(ME, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert "1024 bytes" in answer.json()["detail"]

    async def test_two_headers_are_one_too_many(
        self, http: httpx2.AsyncClient, ada: tuple[str, str]
    ) -> None:
        one = basic(f"ada:{PASSWORD}".encode())["Authorization"]
        answer = await http.get(ME, headers=[("Authorization", one), ("Authorization", one)])
        assert answer.status_code == 401


class TestWhoIsNotTold:
    async def test_unknown_disabled_and_wrong_get_the_same_answer(
        self, reach: Serving, ada: tuple[str, str], add: Add, query: Query
    ) -> None:
        await add("bob")
        await query("UPDATE api_users SET disabled_at = now() WHERE name = 'bob'")
        async with reach() as http:
            wrong = await http.get(ME, auth=("ada", "something else entirely"))
            unknown = await http.get(ME, auth=("nobody", "something else entirely"))
            disabled = await http.get(ME, auth=("bob", PASSWORD))
        assert wrong.json()["code"] == "wrong_credentials"
        assert shape(wrong) == shape(unknown) == shape(disabled)

    async def test_nor_do_hashes_and_statements_differ(
        self, reach: Serving, ada: tuple[str, str], add: Add, query: Query
    ) -> None:
        await add("bob")
        await query("UPDATE api_users SET disabled_at = now() WHERE name = 'bob'")
        seen = []
        for name in ("ada", "nobody", "bob"):
            counted = Counted()
            async with reach(prepare=counted.prepare) as http:
                await http.get("/api/v1/ready")
                before = len(counted.statements)
                answer = await http.get(ME, auth=(name, "something else entirely"))
                assert answer.status_code == 401
                seen.append((counted.passwords.verified, counted.statements[before:]))
        assert seen[0][0] == 1
        assert seen[0] == seen[1] == seen[2]

    async def test_nor_does_the_time_it_takes(
        self, reach: Serving, ada: tuple[str, str], query: Query
    ) -> None:
        """Printed, not asserted: two medians on a busy machine are no proof."""
        took: dict[str, list[float]] = {"ada": [], "nobody": []}
        async with reach() as http:
            for number in range(25):
                for name in sorted(took, reverse=bool(number % 2)):
                    await query("DELETE FROM login_failures")
                    started = time.perf_counter()
                    answer = await http.get(ME, auth=(name, "something else entirely"))
                    took[name].append((time.perf_counter() - started) * 1000)
                    assert answer.status_code == 401
        known, unknown = (statistics.median(took[name]) for name in ("ada", "nobody"))
        share = abs(known - unknown) / min(known, unknown)
        print(f"known {known:.2f} ms, unknown {unknown:.2f} ms: {share:.2%} apart")


class TestRemembering:
    async def test_the_second_request_costs_one_select_and_no_hash(
        self, reach: Serving, ada: tuple[str, str]
    ) -> None:
        counted = Counted()
        async with reach(prepare=counted.prepare) as http:
            await http.get(ME, auth=ada)
            before = len(counted.statements)
            for _ in range(10):
                assert (await http.get(ME, auth=ada)).status_code == 200
        assert counted.passwords.verified == 1
        asked = counted.statements[before:]
        assert len(asked) == 10
        assert not any("login_failures" in statement for statement in asked)

    async def test_ten_requests_at_once_are_hashed_once(
        self, reach: Serving, ada: tuple[str, str]
    ) -> None:
        counted = Counted()
        async with reach(prepare=counted.prepare) as http:
            answers = await asyncio.gather(*(http.get(ME, auth=ada) for _ in range(10)))
        assert [answer.status_code for answer in answers] == [200] * 10
        assert counted.passwords.verified == 1

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE api_users SET version = version + 1",
            "UPDATE api_users SET disabled_at = now()",
            "DELETE FROM api_users",
        ],
    )
    async def test_a_change_of_the_account_acts_at_once(
        self, reach: Serving, ada: tuple[str, str], query: Query, change: str
    ) -> None:
        counted = Counted()
        async with reach(prepare=counted.prepare) as http:
            await http.get(ME, auth=ada)
            await query(change)
            answer = await http.get(ME, auth=ada)
        assert counted.passwords.verified == 2
        assert answer.status_code == (200 if "version" in change else 401)

    async def test_it_ends_after_a_minute(
        self, reach: Serving, ada: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(signing, "REMEMBERED_SECONDS", 0.0)
        counted = Counted()
        async with reach(prepare=counted.prepare) as http:
            await http.get(ME, auth=ada)
            await http.get(ME, auth=ada)
        assert counted.passwords.verified == 2

    async def test_wrong_ones_are_not_remembered_and_the_oldest_go_first(
        self, reach: Serving, ada: tuple[str, str], add: Add, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await add("bob")
        monkeypatch.setattr(signing, "MAX_REMEMBERED", 1)
        counted = Counted()
        async with reach(prepare=counted.prepare) as http:
            await http.get(ME, auth=ada)
            await http.get(ME, auth=("ada", "wrong enough"))
            await http.get(ME, auth=("bob", PASSWORD))
            accounts: Accounts = http._transport.app.state.accounts  # type: ignore[attr-defined] # of ASGITransport
            assert len(accounts._remembered._known) == 1
            await http.get(ME, auth=ada)
        assert counted.passwords.verified == 4
        assert PASSWORD not in repr(accounts._remembered.__dict__)


class TestHashes:
    async def test_an_old_hash_is_renewed_and_nothing_else_ends(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
    ) -> None:
        weak = make_context(memory_kib=64, passes=1).hash(PASSWORD)
        await query("UPDATE api_users SET password_hash = :weak", weak=weak)
        assert (await http.get(ME, auth=ada)).status_code == 200
        [[renewed, version]] = await query("SELECT password_hash, version FROM api_users")
        assert "m=19456,t=2,p=1" in renewed
        assert version == 1
        assert (await http.get(ME, auth=ada)).status_code == 200

    async def test_more_sign_ins_than_places_are_answered_fast_with_503(
        self, reach: Serving, add: Add
    ) -> None:
        for number in range(12):
            await add(f"user{number}")

        def prepare(app: FastAPI) -> None:
            passwords = Passwords(threads=1, places=4)
            app.state.accounts = Accounts(app.state.database, passwords)

        async with reach(prepare=prepare) as http:
            answers = await asyncio.gather(
                *(http.get(ME, auth=(f"user{number}", PASSWORD)) for number in range(12))
            )
            busy = [answer for answer in answers if answer.status_code == 503]
            assert [answer.status_code for answer in answers].count(200) == 4
            assert len(busy) == 8
            assert {answer.json()["code"] for answer in busy} == {"signing_in_busy"}
            assert {answer.headers["Retry-After"] for answer in busy} == {"1"}
            assert (await http.get(ME, auth=("user0", PASSWORD))).status_code == 200


async def test_an_account_is_counted_once_it_has_proved_who_it_is(
    reach: Serving, ada: tuple[str, str]
) -> None:
    async with reach(STATS_API_RATE_LIMIT="2/minute", client=("10.0.0.1", 1)) as http:
        answers = [await http.get(ME, auth=ada) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[1].headers["X-RateLimit-Remaining"] == "0"
    assert answers[2].json()["code"] == "rate_limited"


class TestMemory:
    ADA = Account(id=uuid4(), name="ada", role="analyst", version=3)

    def test_it_is_short_and_small(self) -> None:
        assert (signing.REMEMBERED_SECONDS, signing.MAX_REMEMBERED) == (60, 1000)

    def test_what_is_right_again_is_young_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(signing, "MAX_REMEMBERED", 2)
        first, second, third = (Credentials(name="ada", password=word) for word in "abc")
        remembered = signing.Remembered()
        for credentials in (first, second, first, third):
            remembered.put(credentials, self.ADA)
        assert remembered.get(first) == remembered.get(third) == (self.ADA.id, 3)
        assert remembered.get(second) is None

    def test_what_is_dropped_is_gone(self) -> None:
        remembered = signing.Remembered()
        known = Credentials(name="ada", password="a")
        remembered.put(known, self.ADA)
        remembered.drop(known)
        remembered.drop(known)
        assert remembered.get(known) is None


async def test_what_has_no_effect_is_swept_now_and_then(
    database: Database, ada: tuple[str, str], query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signing._FIRST_SWEEP.total_seconds() == 60
    assert signing._SWEEP_EVERY.total_seconds() == 60 * 60
    monkeypatch.setattr(signing, "_FIRST_SWEEP", timedelta())
    monkeypatch.setattr(signing, "_SWEEP_EVERY", timedelta(seconds=0.01))
    accounts = Accounts(database)
    async with asyncio.TaskGroup() as tasks:
        sweeping = tasks.create_task(accounts.sweep())
        for _ in range(2):
            await query(
                "INSERT INTO login_failures (kind, subject, failures, last_at) "
                "VALUES ('account', 'x', 1, now() - interval '2 days')"
            )
            await query(
                "INSERT INTO api_sessions (id, user_id, token_hash, expires_at) SELECT "
                "gen_random_uuid(), id, 'x', now() - interval '40 days' FROM api_users"
            )
            left = "SELECT 1 FROM login_failures UNION ALL SELECT 1 FROM api_sessions"
            async with asyncio.timeout(20):
                while await query(left):
                    await asyncio.sleep(0.01)
        sweeping.cancel()
    accounts.close()
