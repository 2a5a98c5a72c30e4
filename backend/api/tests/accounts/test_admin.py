"""What admins do."""

import asyncio
import uuid
from typing import Any

import httpx2
import pytest

from .conftest import PASSWORD, Add, Query

Auth = tuple[str, str]

ME = "/api/v1/auth/me"
USERS = "/api/v1/auth/users"
AUDIT = "/api/v1/auth/audit"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", USERS), ("PATCH", f"{USERS}/root"), ("GET", AUDIT)]
)
async def test_analysts_may_not(
    http: httpx2.AsyncClient, ada: Auth, root: Auth, method: str, path: str
) -> None:
    answer = await http.request(method, path, auth=ada, json={"disabled": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "admin_only")
    assert (await http.request(method, path)).status_code == 401


class TestUsers:
    async def test_all_are_listed_without_their_hashes(
        self, http: httpx2.AsyncClient, ada: Auth, root: Auth
    ) -> None:
        answer = await http.get(USERS, auth=root)
        assert [(one["name"], one["role"]) for one in answer.json()["users"]] == [
            ("ada", "analyst"),
            ("root", "admin"),
        ]
        assert "argon2" not in answer.text

    async def test_a_role_acts_at_once(
        self, http: httpx2.AsyncClient, ada: Auth, root: Auth, query: Query
    ) -> None:
        assert (await http.get(USERS, auth=ada)).status_code == 403
        answer = await http.patch(f"{USERS}/Ada", auth=root, json={"role": "admin"})
        assert answer.json()["role"] == "admin"
        assert (await http.get(USERS, auth=ada)).status_code == 200
        [entry] = await query("SELECT * FROM audit_log WHERE action = 'user_changed'")
        assert (entry.actor, entry.subject, entry.details) == ("root", "ada", {"role": "admin"})

    async def test_disabling_ends_everything_at_once_and_for_good(
        self, http: httpx2.AsyncClient, ada: Auth, root: Auth
    ) -> None:
        opened = await http.post("/api/v1/auth/session", auth=ada)
        cookie = {"Cookie": f"__Host-parley={opened.cookies['__Host-parley']}"}
        http.cookies.clear()
        assert (await http.get(ME, auth=ada)).status_code == 200
        answer = await http.patch(f"{USERS}/ada", auth=root, json={"disabled": True})
        assert answer.json()["disabled_at"]
        assert (await http.get(ME, auth=ada)).status_code == 401
        assert (await http.get(ME, headers=cookie)).status_code == 401
        answer = await http.patch(f"{USERS}/ada", auth=root, json={"disabled": False})
        assert answer.json()["disabled_at"] is None
        assert (await http.get(ME, auth=ada)).status_code == 200
        assert (await http.get(ME, headers=cookie)).status_code == 401

    async def test_saying_it_again_changes_nothing(
        self, http: httpx2.AsyncClient, ada: Auth, root: Auth, query: Query
    ) -> None:
        for _ in range(2):
            await http.patch(f"{USERS}/ada", auth=root, json={"disabled": True})
        assert [
            list(row) for row in await query("SELECT version FROM api_users WHERE name = 'ada'")
        ] == [[2]]

    @pytest.mark.parametrize("change", [{"disabled": True}, {"role": "analyst"}])
    async def test_the_last_active_admin_stays(
        self, http: httpx2.AsyncClient, root: Auth, add: Add, change: dict[str, Any]
    ) -> None:
        await add("second", role="admin")
        assert (await http.patch(f"{USERS}/second", auth=root, json=change)).status_code == 200
        answer = await http.patch(f"{USERS}/root", auth=root, json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
        assert (await http.get(USERS, auth=root)).status_code == 200

    async def test_two_admins_cannot_end_each_other(
        self, http: httpx2.AsyncClient, root: Auth, add: Add, query: Query
    ) -> None:
        await add("second", role="admin")
        second = ("second", PASSWORD)
        for auth in (root, second):
            assert (await http.get(USERS, auth=auth)).status_code == 200
        await asyncio.gather(
            http.patch(f"{USERS}/second", auth=root, json={"disabled": True}),
            http.patch(f"{USERS}/root", auth=second, json={"disabled": True}),
        )
        active = await query("SELECT name FROM api_users WHERE disabled_at IS NULL")
        assert len(active) == 1

    @pytest.mark.parametrize(
        ("path", "body", "status"),
        [
            ("/nobody", {"disabled": True}, 404),
            ("/%00%00%00", {"disabled": True}, 422),
            ("/a b c", {"disabled": True}, 422),
            ("/ada", {}, 422),
            ("/ada", {"role": "owner"}, 422),
            ("/ada", {"role": None, "disabled": None}, 422),
            ("/ada", {"disabled": "perhaps"}, 422),
            ("/ada", {"password": "something new"}, 422),
        ],
    )
    async def test_bad_input_is_named(
        self, http: httpx2.AsyncClient, root: Auth, path: str, body: dict[str, Any], status: int
    ) -> None:
        assert (await http.patch(USERS + path, auth=root, json=body)).status_code == status


class TestAudit:
    async def test_pages_go_back_in_time_and_miss_nothing(
        self, http: httpx2.AsyncClient, root: Auth, query: Query
    ) -> None:
        await query(
            "INSERT INTO audit_log (id, at, actor, action, details) "
            "SELECT gen_random_uuid(), now() - (n / 3) * interval '1 second', 'u' || n, 'x', '{}' "
            "FROM generate_series(1, 25) n"
        )
        seen: list[dict[str, Any]] = []
        parameters: dict[str, Any] = {"limit": 10}
        while True:
            page = (await http.get(AUDIT, auth=root, params=parameters)).json()
            seen += page["entries"]
            if page["next"] is None:
                break
            parameters["before"] = page["next"]
        assert len(seen) == 25
        assert len({entry["id"] for entry in seen}) == 25
        assert [entry["at"] for entry in seen] == sorted((e["at"] for e in seen), reverse=True)

    @pytest.mark.parametrize(
        ("parameters", "code"),
        [
            ({"limit": 0}, "invalid_request"),
            ({"limit": 201}, "invalid_request"),
            ({"limit": "x"}, "invalid_request"),
            ({"before": "x"}, "invalid_request"),
            ({"before": "\0"}, "invalid_request"),
            ({"before": str(uuid.uuid4())}, "unknown_cursor"),
        ],
    )
    async def test_bad_input_is_named(
        self, http: httpx2.AsyncClient, root: Auth, parameters: dict[str, Any], code: str
    ) -> None:
        answer = await http.get(AUDIT, auth=root, params=parameters)
        assert (answer.status_code, answer.json()["code"]) == (422, code)

    async def test_an_empty_log_is_an_empty_page(
        self, http: httpx2.AsyncClient, root: Auth
    ) -> None:
        assert (await http.get(AUDIT, auth=root)).json() == {"entries": [], "next": None}
