"""Registering with the token."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from .conftest import Query, Serving

REGISTER = "/api/v1/auth/register"
ME = "/api/v1/auth/me"
TOKEN = {"X-Admin-Token": "J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQe"}
OLD_TOKEN = {"X-Admin-Token": "uE3vXo6IwRt1NyBz0MjKd8HgFp4SlCaq"}
WRONG = {"X-Admin-Token": "J4kq-Zr8_mWx2TnVb9LcYh5GfDs7PaQf"}
ADA = {"name": "Ada", "password": "four quiet herons wade"}


async def test_an_account_is_made_and_may_sign_in(http: httpx2.AsyncClient, query: Query) -> None:
    answer = await http.post(REGISTER, headers=TOKEN, json=ADA)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["role"], made["disabled_at"]) == ("ada", "analyst", None)
    assert set(made) == {"name", "role", "created_at", "disabled_at"}
    assert (await http.get(ME, auth=("ada", ADA["password"]))).status_code == 200
    [entry] = await query("SELECT * FROM audit_log")
    assert (entry.action, entry.actor, entry.subject) == ("registered", None, "ada")
    assert entry.details == {"role": "analyst", "token": 1}
    [stored] = await query("SELECT * FROM api_users")
    assert stored.password_hash.startswith("$argon2id$")


async def test_either_token_is_good_while_one_replaces_the_other(
    http: httpx2.AsyncClient, query: Query
) -> None:
    body = ADA | {"role": "admin"}
    answer = await http.post(REGISTER, headers=OLD_TOKEN, json=body)
    assert (answer.status_code, answer.json()["role"]) == (201, "admin")
    [entry] = await query("SELECT details FROM audit_log")
    assert entry.details == {"role": "admin", "token": 2}


async def test_a_name_is_given_once_whatever_its_case(http: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(http.post(REGISTER, headers=TOKEN, json=ADA | {"name": name}) for name in ("ada", "ADA"))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 400]
    [taken] = [answer for answer in answers if answer.status_code == 400]
    assert taken.json()["code"] == "name_taken"


async def test_it_is_off_without_a_token(reach: Serving) -> None:
    async with reach(ADMIN_REGISTRATION_TOKEN="") as http:
        answer = await http.post(REGISTER, headers=TOKEN, json=ADA)
    assert (answer.status_code, answer.json()["code"]) == (403, "registration_off")
    assert "python -m api users add" in answer.json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"X-Admin-Token": ""}])
async def test_no_token_is_403_and_no_guess(
    http: httpx2.AsyncClient, query: Query, headers: dict[str, str]
) -> None:
    for _ in range(7):
        answer = await http.post(REGISTER, headers=headers, json=ADA)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_token")
    assert await query("SELECT 1 FROM login_failures") == []


@pytest.mark.parametrize("token", ["ÿ" * 32, "J4kq", "x" * 5000])
async def test_a_wrong_token_is_told_and_noted_but_not_written_down(
    http: httpx2.AsyncClient, query: Query, token: str
) -> None:
    answer = await http.post(
        REGISTER, headers={b"X-Admin-Token": token.encode("latin-1")}, json=ADA
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_token")
    [entry] = await query("SELECT * FROM audit_log")
    assert (entry.action, entry.address) == ("token_refused", "127.0.0.1")
    assert token not in repr(entry) + answer.text


async def test_the_token_comes_before_what_is_wrong_with_the_body(
    http: httpx2.AsyncClient,
) -> None:
    assert (await http.post(REGISTER, headers=WRONG, json={})).status_code == 403


async def test_after_five_wrong_ones_an_address_waits_even_with_the_right_one(
    reach: Serving, query: Query
) -> None:
    async with reach(client=("10.0.0.1", 1)) as http:
        answers = [await http.post(REGISTER, headers=WRONG, json=ADA) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [403] * 5 + [429]
        assert answers[5].json()["code"] == "too_many_failures"
        assert 3500 < int(answers[5].headers["Retry-After"]) <= 3600
        assert (await http.post(REGISTER, headers=TOKEN, json=ADA)).status_code == 429
    async with reach(client=("10.0.0.2", 1)) as http:
        assert (await http.post(REGISTER, headers=TOKEN, json=ADA)).status_code == 201
    await query("UPDATE login_failures SET locked_until = now() - interval '1 second'")
    async with reach(client=("10.0.0.1", 1)) as http:
        answers = [await http.post(REGISTER, headers=WRONG, json=ADA) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]


async def test_after_twenty_from_anywhere_everybody_waits(reach: Serving) -> None:
    for number in range(4):
        async with reach(client=(f"10.0.0.{number}", 1)) as http:
            for _ in range(5):
                assert (await http.post(REGISTER, headers=WRONG, json=ADA)).status_code == 403
    async with reach(client=("10.0.9.9", 1)) as http:
        assert (await http.post(REGISTER, headers=TOKEN, json=ADA)).status_code == 429


@pytest.mark.parametrize(
    "change",
    [
        *({"name": name} for name in ("ab", "a" * 65, "a b", "ada:x", "ädä", "ada\n", "\0ada", "")),
        *({"name": 5}, {"name": None}, {"role": "owner"}, {"role": None}, {"extra": 1}),
        *({"password": word} for word in ("", "short", "x" * 129, "password1", "Ada's herons")),
        *({"password": word} for word in ("nul\0 and more", "tab\t and more")),
        *({"password": 12345678}, {"password": None}, {"password": []}),
        {"password": "\ud83d lone half"},
    ],
)
async def test_weak_input_is_422_and_never_repeated(
    http: httpx2.AsyncClient, query: Query, change: dict[str, Any]
) -> None:
    answer = await http.post(
        REGISTER,
        headers=TOKEN | {"Content-Type": "application/json"},
        content=json.dumps(ADA | change).encode(),
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] in {"invalid_request", "weak_password"}
    for value in change.values():
        assert not (isinstance(value, str) and len(value) > 5 and value in answer.text)
    assert ADA["password"] not in answer.text
    assert await query("SELECT 1 FROM api_users") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"\xff\xfe", 422),
        (b'{"name": "ada", "password": "\xff"}', 400),
        (b"[" * 60_000, 400),
        (b"x" * 70_000, 413),
    ],
)
async def test_a_body_that_is_no_registration(
    http: httpx2.AsyncClient, body: bytes, status: int
) -> None:
    headers = TOKEN | {"Content-Type": "application/json; charset=utf-8"}
    answer = await http.post(REGISTER, headers=headers, content=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_names_use_all_that_they_may(http: httpx2.AsyncClient) -> None:
    name = "a.b_c-d@example.org"
    body = ADA | {"name": name}
    assert (await http.post(REGISTER, headers=TOKEN, json=body)).status_code == 201
    assert (await http.get(ME, auth=(name, ADA["password"]))).json()["name"] == name
