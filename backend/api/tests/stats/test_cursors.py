"""A cursor is good for the next page of the list it came from, and for nothing else."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.stats import cursors
from core.stats.calendar import Span

from .conftest import Get
from .golden import dialog_id

WINDOW = {"from_": "2026-10-20", "to": "2026-10-27", "limit": 1}


def packed(body: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


def opened(cursor: str) -> list[str]:
    body: list[str] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return body


async def first_cursor(get: Get, path: str) -> str:
    cursor = (await get(path, **WINDOW))["next"]
    assert isinstance(cursor, str)
    return cursor


@pytest.mark.parametrize("path", ["/users", "/dialogs"])
class TestRefused:
    async def test_what_is_no_cursor(self, golden: Get, path: str) -> None:
        deep = base64.urlsafe_b64encode(b"[" * 290).decode()
        for cursor in (
            *("", "x", "next", "=", "====", "%00", "\0", "\ud800".encode("utf-8", "replace")),
            *("ünïcödé", "' OR 1=1 --", "A" * 400, deep, packed(None), packed({}), packed([])),
            *(packed([1, 2, 3]), packed([["a"], "b", "c"]), packed("a" * 200)),
        ):
            body = await golden(path, 422, **WINDOW, cursor=cursor)
            assert body["code"] == "wrong_cursor", cursor
            assert "take `next` of the page before" in body["detail"]

    async def test_one_that_is_longer_than_any(self, golden: Get, path: str) -> None:
        body = await golden(path, 422, **WINDOW, cursor="A" * 401)
        assert body["code"] == "invalid_request"
        assert "at most 400 characters" in body["detail"]

    async def test_one_that_was_cut_off(self, golden: Get, path: str) -> None:
        cursor = await first_cursor(golden, path)
        for length in range(0, len(cursor), 7):
            body = await golden(path, 422, **WINDOW, cursor=cursor[:length])
            assert body["code"] == "wrong_cursor", length

    async def test_one_of_another_list(self, golden: Get, path: str) -> None:
        other = {"/users": "/dialogs", "/dialogs": "/users"}[path]
        cursor = await first_cursor(golden, other)
        assert (await golden(path, 422, **WINDOW, cursor=cursor))["code"] == "wrong_cursor"

    async def test_one_of_another_question(self, golden: Get, path: str) -> None:
        cursor = await first_cursor(golden, path)
        for changed in ({"from_": "2026-10-21"}, {"bot": 42}, {"tz": "Europe/Berlin"}):
            body = await golden(path, 422, **WINDOW | changed, cursor=cursor)
            assert body["code"] == "wrong_cursor", changed

    async def test_one_whose_place_was_changed(self, golden: Get, path: str) -> None:
        """Its beginning is that of a true one, as whoever reads this code may make it."""
        cursor = opened(await first_cursor(golden, path))
        for place in (
            *("", "x", "1.5", "NaN", "\0", "\ud800", "9" * 100, str(2**63), str(-(2**63) - 1)),
            *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-10-20"),
            *("2026-10-20T00:00:00", "infinity", "now()", "1; DROP TABLE users"),
        ):
            for part in range(1, len(cursor)):
                forged = packed([place if at == part else was for at, was in enumerate(cursor)])
                body = await golden(path, 422, **WINDOW, cursor=forged)
                assert body["code"] == "wrong_cursor", (place, part)

    async def test_one_with_a_part_too_many(self, golden: Get, path: str) -> None:
        cursor = opened(await first_cursor(golden, path))
        for forged in ([*cursor, "1"], cursor[:-1], cursor[:1]):
            body = await golden(path, 422, **WINDOW, cursor=packed(forged))
            assert body["code"] == "wrong_cursor"


async def test_a_page_may_have_another_length(golden: Get) -> None:
    cursor = await first_cursor(golden, "/users")
    body = await golden("/users", **WINDOW | {"limit": 200}, cursor=cursor)
    assert [row["questions"] for row in body["users"]] == [2, 1]


async def test_order_belongs_to_the_question(golden: Get) -> None:
    cursor = await first_cursor(golden, "/users")
    assert await golden("/users", 422, **WINDOW, order="cost", cursor=cursor)


async def test_one_dialog_is_not_read_on_with_the_cursor_of_another(golden: Get) -> None:
    path = f"/dialogs/{dialog_id('A1')}"
    first = await golden(path, reason="because", limit=1)
    rest = await golden(path, reason="because", cursor=first["next"])
    assert len(rest["turns"]) == 2
    other = f"/dialogs/{dialog_id('B1')}"
    body = await golden(other, 422, reason="because", cursor=first["next"])
    assert body["code"] == "wrong_cursor"


async def test_a_place_beyond_the_end_is_an_empty_page(golden: Get) -> None:
    moment = datetime(2026, 10, 20, tzinfo=UTC)
    span = Span(moment, datetime(2026, 10, 27, tzinfo=UTC))
    [digest, *_] = opened(await first_cursor(golden, "/dialogs"))
    forged = packed([digest, moment.isoformat(), str(uuid4())])
    assert (await golden("/dialogs", **WINDOW, cursor=forged))["dialogs"] == []
    assert cursors.unpack(cursors.pack((span,), ("a",)), (span,), parts=1) == ["a"]
