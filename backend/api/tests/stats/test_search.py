"""Searching people and dialogs: SQL finds what the words and ids say, on pages and in files."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pseudonyms import ending, pseudonym
from api.stats import dialogs
from core.stats.search import Ending

from .conftest import Get, Serving, Tell, asking
from .golden import ANN, CID, Person, Told, dialog_id, utc

IsSought = Callable[[UUID], bool]
WINDOW = {"from_": "2026-10-20", "to": "2026-10-27"}
PEOPLE = [Person(name="SECRET", id=number) for number in range(1, 701)]


def told_of(who: Person) -> Told:
    at = utc(20, 8) + timedelta(minutes=who.id)
    return Told(at=at, who=who, dialog=f"of {who.id}", opens=True, length=1)


def matches(sought: Ending, public_id: UUID) -> bool:
    return public_id.int & sought.mask == sought.bits


class TestPseudonyms:
    @given(public_id=st.uuids(), other=st.uuids())
    def test_are_found_by_any_of_their_words(self, public_id: UUID, other: UUID) -> None:
        words = pseudonym(public_id).split()
        for some in (some for count in (1, 2, 3) for some in combinations(words, count)):
            sought = ending(" ".join(some).upper())
            assert sought
            assert matches(sought, public_id)
            assert matches(sought, other) is (set(some) <= set(pseudonym(other).split()))

    @pytest.mark.parametrize(
        "words",
        ["", " ", "Otter Quiet", "4f Quiet", "Quiet Quiet", "Quiet Otter Otter", "Otte", "4", "4g"],
    )
    def test_are_not_found_by_other_words(self, words: str) -> None:
        assert ending(words) is None


class TestOfMany:
    """A crowd in which each word is somebody's."""

    @pytest.fixture
    async def crowd(self, own: Get, tell: Tell) -> Get:
        await tell(told_of(who) for who in PEOPLE)
        return own

    async def test_people_are_those_whose_pseudonym_or_id_says_so(self, crowd: Get) -> None:
        one = PEOPLE[41].public_id
        how, what, digits = pseudonym(one).split()
        sought: list[tuple[str, IsSought]] = [
            (how, lambda other: pseudonym(other).startswith(f"{how} ")),
            (what.upper(), lambda other: f" {what} " in pseudonym(other)),
            (digits, lambda other: pseudonym(other).endswith(f" {digits}")),
            (f"{how} {digits}".lower(), lambda other: both(other, how, digits)),
            (f"  {pseudonym(one)} ", lambda other: pseudonym(other) == pseudonym(one)),
            (str(one), lambda other: other == one),
            (str(one)[:4], lambda other: str(other)[:4] == str(one)[:4]),
            (str(one)[:11].upper(), lambda other: str(other)[:11] == str(one)[:11]),
            (one.hex[:13], lambda other: other.hex[:13] == one.hex[:13]),
        ]
        for words, is_sought in sought:
            body = await crowd("/users", **WINDOW, search=words, limit=200)
            expected = {str(who.public_id) for who in PEOPLE if is_sought(who.public_id)}
            assert {row["id"] for row in body["users"]} == expected, words
            assert body["total"] == len(expected) >= 1

    async def test_dialogs_are_those_of_such_people(self, crowd: Get) -> None:
        for words in pseudonym(PEOPLE[7].public_id).split():
            expected = {
                str(dialog_id(f"of {who.id}"))
                for who in PEOPLE
                if words in pseudonym(who.public_id).split()
            }
            body = await crowd("/dialogs", **WINDOW, search=words, limit=200)
            assert {row["id"] for row in body["dialogs"]} == expected
            assert body["total"] == len(expected) >= 1

    async def test_pages_hold_as_many_as_they_say(self, crowd: Get) -> None:
        word = pseudonym(PEOPLE[0].public_id).split()[0]
        for path in ("/users", "/dialogs"):
            body = await crowd(path, **WINDOW, search=word, limit=2)
            seen, total = ids(path, body), body["total"]
            while cursor := body["next"]:
                body = await crowd(path, **WINDOW, search=word, limit=2, cursor=cursor)
                seen += ids(path, body)
            assert len(seen) == len(set(seen)) == total


def ids(path: str, body: Any) -> list[str]:
    return [row["id"] for row in body[path.removeprefix("/")]]


def both(public_id: UUID, how: str, digits: str) -> bool:
    return pseudonym(public_id).startswith(f"{how} ") and pseudonym(public_id).endswith(digits)


class TestDialogs:
    async def test_are_found_by_their_own_id_too(self, golden: Get) -> None:
        sought = str(dialog_id("B1"))
        for words in (sought, sought[:8]):
            body = await golden("/dialogs", **WINDOW, search=words)
            assert [row["id"] for row in body["dialogs"]] == [sought]
            assert body["total"] == 1

    async def test_are_found_by_the_id_of_their_person(self, golden: Get) -> None:
        body = await golden("/dialogs", **WINDOW, search=str(ANN.public_id))
        assert [row["user_id"] for row in body["dialogs"]] == [str(ANN.public_id)] * 2

    async def test_are_narrowed_further(self, golden: Get) -> None:
        name = pseudonym(ANN.public_id)
        body = await golden("/dialogs", **WINDOW, search=name, having="stopped")
        assert [row["id"] for row in body["dialogs"]] == [str(dialog_id("A2"))]
        assert (await golden("/dialogs", **WINDOW, search=name, bot=43))["total"] == 0


class TestTotals:
    async def test_are_the_people_of_the_window(self, golden: Get) -> None:
        active = await golden("/stats/series", **WINDOW, metric="active_users")
        body = await golden("/users", **WINDOW, limit=1)
        assert body["total"] == active["total"]["current"]["active_users"] == 3
        assert (await golden("/users", **WINDOW, bot=43))["total"] == 1
        assert (await golden("/users", **WINDOW, user=str(CID.public_id)))["total"] == 1

    async def test_are_the_dialogs_with_questions_in_the_window(self, golden: Get) -> None:
        assert (await golden("/dialogs", **WINDOW, limit=1))["total"] == 4
        assert (await golden("/dialogs", **WINDOW, model="small"))["total"] == 1
        assert (await golden("/dialogs", from_="2026-10-20", to="2026-10-21"))["total"] == 0

    async def test_of_dialogs_are_counted_up_to_a_limit(
        self, golden: Get, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for most, told in ((3, (3, False)), (4, (4, True)), (5, (4, True))):
            monkeypatch.setattr(dialogs, "MAX_COUNTED", most)
            body = await golden("/dialogs", **WINDOW, limit=1)
            assert (body["total"], body["is_total_exact"]) == told

    async def test_stay_on_the_pages_after_the_first(self, golden: Get) -> None:
        for path, total in (("/users", 3), ("/dialogs", 4)):
            first = await golden(path, **WINDOW, limit=2)
            second = await golden(path, **WINDOW, limit=2, cursor=first["next"])
            assert first["total"] == second["total"] == total


class TestRefused:
    @pytest.mark.parametrize("path", ["/users", "/dialogs", "/export/users.csv"])
    @pytest.mark.parametrize(
        "words",
        ["", "  ", "abc", "%", "_", "'", "Otter Quiet", "otters", "4f4", "\0", "5e5a3c0e-zz"],
    )
    async def test_what_is_neither_words_nor_an_id(
        self, golden: Get, path: str, words: str
    ) -> None:
        body = await golden(path, 422, **WINDOW, search=words)
        assert body["code"] == "wrong_search"
        assert "such as Quiet Otter 4f" in body["detail"]

    async def test_what_is_longer_than_any(self, golden: Get) -> None:
        body = await golden("/users", 422, **WINDOW, search="a" * 61)
        assert body["code"] == "invalid_request"

    async def test_a_cursor_of_another_search(self, reach: Serving, golden_url: str) -> None:
        async with reach(golden_url) as http:
            get = asking(http)
            for path, changed in (
                ("/users", {"search": str(ANN.public_id)}),
                ("/dialogs", {"search": str(ANN.public_id)}),
                ("/dialogs", {"having": "liked"}),
            ):
                cursor = (await get(path, **WINDOW, limit=1))["next"]
                body = await get(path, 422, **WINDOW, limit=1, cursor=cursor, **changed)
                assert body["code"] == "wrong_cursor"


async def test_nobody_is_an_empty_page(golden: Get) -> None:
    for path in ("/users", "/dialogs"):
        body = await golden(path, **WINDOW, search=str(uuid4()))
        assert (body[path.removeprefix("/")], body["total"], body["next"]) == ([], 0, None)


async def test_files_hold_what_the_pages_show(golden: Get) -> None:
    for path, narrowed in (
        ("users", {"search": pseudonym(ANN.public_id)}),
        ("users", {"order": "cost"}),
        ("dialogs", {"search": str(ANN.public_id)}),
        ("dialogs", {"having": "fallback"}),
    ):
        listed = (await golden(f"/{path}", **WINDOW, **narrowed))[path]
        text = await golden(f"/export/{path}.csv", **WINDOW, **narrowed)
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["id"] for row in rows] == [row["id"] for row in listed]
        assert rows
