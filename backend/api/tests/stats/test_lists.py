"""GET /users and /dialogs: each row once and in order, on however many pages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from .conftest import Get, Query, Tell
from .golden import ANN, Person, Told, dialog_id, utc

WINDOW = {"from_": "2026-10-24", "to": "2026-10-27", "tz": "Europe/Berlin"}
ONE_DAY = {"from_": "2026-10-20", "to": "2026-10-21"}
NIGHT = ("A1", "B1")


def crowd(size: int, *, first: int = 1) -> list[Told]:
    """People of whom every second asks twice; all that a dialog began in the same moment."""
    history = []
    for number in range(first, first + size):
        who = Person(name="SECRET", id=number)
        told = Told(
            at=utc(20, 8), who=who, dialog=f"of {number}", opens=True, length=1, cost=number % 3
        )
        history.append(told)
        if number % 2:
            history.append(replace(told, at=told.at + timedelta(minutes=1), opens=False))
    return history


async def pages(get: Get, path: str, **query: Any) -> list[list[Any]]:
    """All pages of a list."""
    found = []
    cursor: dict[str, str] = {}
    while True:
        body = await get(path, **query, **cursor)
        found.append(body[path.removeprefix("/")])
        if body["next"] is None:
            return found
        cursor = {"cursor": body["next"]}


def ids(listed: list[list[Any]]) -> list[str]:
    return [row["id"] for page in listed for row in page]


class TestUsers:
    async def test_add_up_by_hand(self, golden: Get) -> None:
        body = await golden("/users", **WINDOW)
        shown = [
            (row["questions"], row["answers"], row["tokens"], row["cost"]) for row in body["users"]
        ]
        assert shown == [
            (3, 2, 30 + 7, 200 + 50),  # ann
            (2, 1, 45, 307),  # ben
            (1, 1, 60, 400),  # cid
        ]
        assert body["next"] is None
        assert [row["language"] for row in body["users"]] == ["en", "de", None]
        assert body["users"][0]["first_seen"] == "2026-10-22T10:00:00Z"

    @pytest.mark.parametrize(
        ("order", "names"),
        [("questions", "abc"), ("answers", "abc"), ("tokens", "cba"), ("cost", "cba")],
    )
    async def test_are_ordered_by_what_one_wants(self, golden: Get, order: str, names: str) -> None:
        people = (await golden("/users", **WINDOW))["users"]
        letters = {row["id"]: name for row, name in zip(people, "abc", strict=True)}
        body = await golden("/users", **WINDOW, order=order)
        assert "".join(letters[row["id"]] for row in body["users"]) == names

    @pytest.mark.parametrize("order", ["questions", "answers", "tokens", "cost"])
    async def test_are_each_on_one_page(self, own: Get, tell: Tell, order: str) -> None:
        await tell(crowd(23))
        listed = await pages(own, "/users", **ONE_DAY, order=order, limit=5)
        assert [len(page) for page in listed] == [5, 5, 5, 5, 3]
        assert len(set(ids(listed))) == 23
        numbers = [row[order] for page in listed for row in page]
        assert numbers == sorted(numbers, reverse=True)
        assert ids(listed) == ids(await pages(own, "/users", **ONE_DAY, order=order, limit=200))

    async def test_end_with_a_full_page(self, own: Get, tell: Tell) -> None:
        await tell(crowd(10))
        assert [len(page) for page in await pages(own, "/users", **ONE_DAY, limit=5)] == [5, 5]

    async def test_come_once_while_others_are_added(self, own: Get, tell: Tell) -> None:
        await tell(crowd(10))
        before = set(ids(await pages(own, "/users", **ONE_DAY, limit=200)))
        first = await own("/users", **ONE_DAY, limit=4)
        await tell(crowd(10, first=11))
        seen = [row["id"] for row in first["users"]]
        cursor = first["next"]
        while cursor:
            body = await own("/users", **ONE_DAY, limit=4, cursor=cursor)
            seen += [row["id"] for row in body["users"]]
            cursor = body["next"]
        assert len(seen) == len(set(seen))
        assert before <= set(seen)

    async def test_of_one_bot_or_one_person(self, golden: Get) -> None:
        [cid] = (await golden("/users", **WINDOW, bot=43))["users"]
        assert (cid["bot_id"], cid["questions"]) == (43, 1)
        [found] = (await golden("/users", **WINDOW, user=cid["id"]))["users"]
        assert found == cid


class TestDialogs:
    async def test_add_up_by_hand(self, golden: Get) -> None:
        body = await golden("/dialogs", from_="2026-10-20", to="2026-10-27")
        shown = [
            (row["questions"], row["answers"], row["cost"], row["likes"], row["dislikes"])
            for row in body["dialogs"]
        ]
        assert shown == [
            (1, 1, 50, 0, 0),  # A2
            (1, 1, 400, 0, 1),  # C1
            (2, 1, 307, 1, 0),  # B1
            (3, 2, 300, 0, 0),  # A1
        ]
        assert [row["outcome"] for row in body["dialogs"]] == [
            "cancelled",
            "answered",
            "failed_told",
            "declined",
        ]

    async def test_are_those_with_questions_in_the_window_and_count_these(
        self, golden: Get
    ) -> None:
        """Until two in the night: A1 began before, and goes on after."""
        body = await golden("/dialogs", from_="2026-10-24", to="2026-10-25T01:00:00Z")
        assert [row["id"] for row in body["dialogs"]] == [str(dialog_id(name)) for name in NIGHT]
        assert body["total"] == len(NIGHT)
        [a1, b1] = body["dialogs"]
        assert (a1["questions"], a1["answers"], a1["tokens"], a1["cost"]) == (2, 1, 30, 200)
        assert (a1["created_at"], a1["last_at"]) == (
            "2026-10-22T10:00:00Z",
            "2026-10-25T00:30:00Z",
        )
        assert (b1["questions"], b1["outcome"], b1["model"]) == (1, "answered", "small")

    async def test_with_the_newest_question_come_first(self, own: Get, tell: Tell) -> None:
        """Whenever they began, and whatever comes after the window."""
        began = [replace(told, dialog=f"{at}") for at, told in enumerate(crowd(1)[:1] * 3)]
        later = [
            replace(told, at=told.at + timedelta(hours=hours), opens=False)
            for told, hours in zip(began * 2, (2, 3, 1, 40, 30, 20), strict=True)
        ]
        await tell(began + later)
        listed = ids(await pages(own, "/dialogs", **ONE_DAY, limit=1))
        assert listed == [str(dialog_id(name)) for name in "102"]

    async def test_are_not_there_before_a_question_has_come_to_its_end(
        self, own: Get, tell: Tell, query: Query
    ) -> None:
        """As the metrics count it; who opens the dialog sees it."""
        await tell(crowd(1))
        await query("UPDATE turns SET verdict = NULL WHERE NOT opens_dialog")
        [row] = (await own("/dialogs", **ONE_DAY))["dialogs"]
        assert (row["questions"], row["outcome"]) == (1, "answered")
        opened = (await own(f"/dialogs/{row['id']}", reason="because"))["dialog"]
        assert (opened["questions"], opened["outcome"]) == (2, None)

    @pytest.mark.parametrize(
        ("narrowed", "count"),
        [
            ({"bot": 43}, 1),
            ({"model": "small"}, 1),
            ({"model": "large"}, 4),  # B1 was put to it once, in vain
            ({"model": ""}, 1),  # A1, which was put to none
            ({"language": "de"}, 1),
            ({"language": ""}, 1),
            ({"outcome": "failed_told"}, 1),
            ({"outcome": "nothing_like_it"}, 0),
            ({"bot": 42, "outcome": "answered"}, 2),
            ({"model": "small", "outcome": "failed_told"}, 0),  # of B1, but not of one question
        ],
    )
    async def test_are_narrowed(self, golden: Get, narrowed: dict[str, Any], count: int) -> None:
        assert len((await golden("/dialogs", **WINDOW, **narrowed))["dialogs"]) == count

    async def test_of_one_person(self, golden: Get) -> None:
        [ann, *_] = (await golden("/users", **WINDOW))["users"]
        body = await golden("/dialogs", from_="2026-10-20", to="2026-10-27", user=ann["id"])
        assert [row["user_id"] for row in body["dialogs"]] == [str(ANN.public_id)] * 2

    async def test_of_one_moment_are_each_on_one_page(self, own: Get, tell: Tell) -> None:
        await tell(crowd(23))
        listed = await pages(own, "/dialogs", **ONE_DAY, limit=5)
        assert [len(page) for page in listed] == [5, 5, 5, 5, 3]
        assert len(set(ids(listed))) == 23
        assert ids(listed) == ids(await pages(own, "/dialogs", **ONE_DAY, limit=200))

    async def test_come_once_while_others_begin(self, own: Get, tell: Tell) -> None:
        await tell(crowd(10))
        first = await own("/dialogs", **ONE_DAY, limit=4)
        before = set(ids(await pages(own, "/dialogs", **ONE_DAY, limit=200)))
        later = [replace(told, at=told.at + timedelta(hours=1)) for told in crowd(10, first=11)]
        await tell(later)
        rest = await pages_after(own, first["next"])
        seen = [row["id"] for row in first["dialogs"]] + rest
        assert len(seen) == len(set(seen))
        assert set(seen) == before


async def pages_after(get: Get, cursor: str | None) -> list[str]:
    seen = []
    while cursor:
        body = await get("/dialogs", **ONE_DAY, limit=4, cursor=cursor)
        seen += [row["id"] for row in body["dialogs"]]
        cursor = body["next"]
    return seen
