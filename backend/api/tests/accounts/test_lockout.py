"""Failed sign-ins make the next ones wait."""

import asyncio
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from api.accounts import lockout

from .conftest import Query, Serving

WRONG = "something else entirely"
ME = "/api/v1/auth/me"

BY_ACCOUNT = "SELECT failures, subject FROM login_failures WHERE kind = 'account'"
UNLOCK = "UPDATE login_failures SET locked_until = now() - interval '1 second'"
LEFT = """
SELECT kind, round(extract(epoch FROM locked_until - last_at))::int
FROM login_failures ORDER BY kind
"""


async def fail(http: httpx2.AsyncClient, times: int, name: str = "ada") -> list[int]:
    return [(await http.get(ME, auth=(name, WRONG))).status_code for _ in range(times)]


@pytest.mark.usefixtures("long_locks")
class TestAccounts:
    @pytest.mark.parametrize("name", ["ada", "nobody", "Ünknown", "x" * 300])
    async def test_the_fifth_failure_locks_whether_it_exists_or_not(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], name: str
    ) -> None:
        assert await fail(http, 6, name) == [401] * 5 + [429]
        answer = await http.get(ME, auth=(name, WRONG))
        assert answer.json()["code"] == "too_many_failures"
        seconds = int(answer.headers["Retry-After"])
        assert 30 < seconds <= 60
        assert answer.json()["detail"] == (
            f"Too many sign-ins have failed: try again in {seconds} seconds."
        )

    async def test_not_even_the_right_password_is_looked_at_meanwhile(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
    ) -> None:
        await fail(http, 5)
        assert (await http.get(ME, auth=ada)).status_code == 429
        assert (await query(BY_ACCOUNT))[0].failures == 5  # waiting does not lengthen it

    async def test_the_delay_doubles_to_a_quarter_of_an_hour(
        self,
        http: httpx2.AsyncClient,
        ada: tuple[str, str],
        query: Query,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(lockout, "FIRST_DELAY_SECONDS", 1)
        await fail(http, 4)
        delays = []
        for _ in range(13):
            await query(UNLOCK)
            assert await fail(http, 1) == [401]
            delays.append((await query(LEFT))[0][1])
        assert delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]

    async def test_a_good_sign_in_ends_the_count(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
    ) -> None:
        await fail(http, 5)
        await query(UNLOCK)
        assert (await http.get(ME, auth=ada)).status_code == 200
        assert await query("SELECT 1 FROM login_failures") == []

    async def test_so_does_a_quiet_day(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
    ) -> None:
        await fail(http, 5)
        await query(UNLOCK)
        await query("UPDATE login_failures SET last_at = now() - interval '25 hours'")
        await fail(http, 1)
        assert (await query(BY_ACCOUNT))[0].failures == 1

    async def test_many_tries_at_once_do_not_get_past_it(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
    ) -> None:
        answers = await asyncio.gather(*(http.get(ME, auth=("ada", WRONG)) for _ in range(20)))
        codes = [answer.status_code for answer in answers]
        assert codes.count(401) == 5
        assert codes.count(429) == 15
        assert (await query(BY_ACCOUNT))[0].failures == 5

    async def test_it_outlives_the_process(
        self, reach: Serving, ada: tuple[str, str], query: Query
    ) -> None:
        async with reach() as http:
            await fail(http, 5)
        async with reach(client=("10.9.9.9", 1)) as http:
            assert (await http.get(ME, auth=ada)).status_code == 429

    async def test_remembered_credentials_do_not_touch_it(
        self, http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
    ) -> None:
        assert (await http.get(ME, auth=ada)).status_code == 200
        await fail(http, 5)
        assert (await http.get(ME, auth=ada)).status_code == 200
        assert (await query(BY_ACCOUNT))[0].failures == 5

    async def test_a_name_without_an_account_is_not_written_down(
        self, http: httpx2.AsyncClient, query: Query
    ) -> None:
        await fail(http, 1, "my-secret-password")
        stored = await query("SELECT * FROM login_failures") + await query(
            "SELECT * FROM audit_log"
        )
        assert "my-secret-password" not in repr(stored)
        assert "sha256:" in repr(stored)


@pytest.mark.usefixtures("long_locks")
class TestAddresses:
    async def test_many_names_from_one_address_are_one_count(
        self, reach: Serving, ada: tuple[str, str]
    ) -> None:
        async with reach(client=("10.0.0.1", 1)) as http:
            codes = [(await fail(http, 1, f"user{n}"))[0] for n in range(6)]
            assert codes == [401] * 5 + [429]
        async with reach(client=("10.0.0.2", 1)) as http:
            assert (await http.get(ME, auth=ada)).status_code == 200

    async def test_ipv6_addresses_of_one_network_are_one(self, reach: Serving) -> None:
        for number in range(5):
            async with reach(client=(f"2001:db8:1:1::{number}", 1)) as http:
                assert await fail(http, 1, f"user{number}") == [401]
        async with reach(client=("2001:db8:1:1:ffff::1", 1)) as http:
            assert await fail(http, 1, "user9") == [429]
        async with reach(client=("2001:db8:1:2::1", 1)) as http:
            assert await fail(http, 1, "user9") == [401]


async def test_the_first_lock_is_told_once(http: httpx2.AsyncClient, query: Query) -> None:
    with capture_logs() as logs:
        await fail(http, 5)
        await query(UNLOCK)
        await fail(http, 1)
    told = [(log["kind"], log["alarm"]) for log in logs if log["event"] == "sign_in_locked"]
    assert sorted(told) == [("account", True), ("address", True)]


async def test_failures_are_audited_with_their_reason(
    http: httpx2.AsyncClient, ada: tuple[str, str], query: Query
) -> None:
    await fail(http, 1, "ada")
    await fail(http, 1, "nobody")
    await query("UPDATE api_users SET disabled_at = now()")
    await fail(http, 1, "ada")
    rows = await query("SELECT * FROM audit_log ORDER BY at")
    assert [(row.action, row.actor, row.subject, row.details) for row in rows] == [
        ("sign_in_failed", None, "ada", {"reason": "wrong_password"}),
        ("sign_in_failed", None, None, {"reason": "no_such_account"}),
        ("sign_in_failed", None, "ada", {"reason": "disabled"}),
    ]
    assert {row.address for row in rows} == {"127.0.0.1"}
    assert all(len(row.trace_id) == 32 for row in rows)
    assert WRONG not in repr(rows)


async def test_sweeping_drops_what_has_no_effect(
    http: httpx2.AsyncClient, query: Query, database: Any
) -> None:
    await fail(http, 1)
    await query("UPDATE login_failures SET last_at = now() - interval '25 hours'")
    await fail(http, 1, "other")
    async with database.write() as session:
        await lockout.sweep(session)
    rows = await query("SELECT kind, failures FROM login_failures ORDER BY kind")
    assert [tuple(row) for row in rows] == [("account", 1), ("address", 1)]


def test_how_much_is_too_much() -> None:
    """Said where operators read it, and felt by everybody who mistypes."""
    assert (lockout.FIRST_LOCK, lockout.FIRST_DELAY_SECONDS) == (5, 1)
    assert lockout.LONGEST_DELAY_SECONDS == 15 * 60
    assert lockout.FORGOTTEN_AFTER_SECONDS == 24 * 60 * 60
    assert (lockout.TOKEN_TRIES_PER_ADDRESS, lockout.TOKEN_TRIES) == (5, 20)
    assert lockout.TOKEN_WINDOW_SECONDS == 60 * 60
