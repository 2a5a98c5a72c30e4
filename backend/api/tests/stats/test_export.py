"""GET /export/*.csv: files that a spreadsheet opens and does not run."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from api.stats.export import cell
from core.stats import lists

from .conftest import NAME, PASSWORD, Get, Serving, Tell, asking
from .golden import CID, GOLDEN, Person, Told, utc

WINDOW = {"from_": "2026-10-24", "to": "2026-10-27", "tz": "Europe/Berlin"}
ONE_DAY = {"from_": "2026-10-20", "to": "2026-10-21"}
MANY = 3000


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


class TestSeries:
    async def test_has_a_column_for_each_slug_and_a_row_for_each_bucket(self, golden: Get) -> None:
        text = await golden("/export/series.csv", **WINDOW, metric=["questions", "error_rate"])
        assert text == (
            "start,end,questions,error_rate\r\n"
            "2026-10-24T00:00:00+02:00,2026-10-25T00:00:00+02:00,1,0.0\r\n"
            "2026-10-25T00:00:00+02:00,2026-10-26T00:00:00+01:00,4,0.25\r\n"
            "2026-10-26T00:00:00+01:00,2026-10-27T00:00:00+01:00,1,0.0\r\n"
        )

    async def test_leaves_a_cell_empty_where_there_is_nothing_to_divide(self, golden: Get) -> None:
        text = await golden("/export/series.csv", **ONE_DAY, bucket="day", metric="error_rate")
        assert text.endswith("2026-10-21T00:00:00+00:00,\r\n")

    async def test_says_what_it_is(self, reach: Serving, golden_url: str) -> None:
        async with reach(golden_url) as http:
            answer = await http.get("/api/v1/export/series.csv?metric=cost", auth=(NAME, PASSWORD))
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        disposition = answer.headers["content-disposition"]
        assert disposition == 'attachment; filename="parley-series.csv"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


class TestBreakdown:
    async def test_has_a_row_for_each_slice(self, golden: Get) -> None:
        text = await golden("/export/breakdown.csv", **WINDOW, metric="cost", by="language")
        assert text == "language,cost\r\n,400\r\nde,307\r\nen,250\r\n"


class TestPeopleAndDialogs:
    async def test_hold_what_the_lists_hold(self, golden: Get) -> None:
        for what in ("users", "dialogs"):
            listed = (await golden(f"/{what}", **WINDOW))[what]
            rows = rows_of(await golden(f"/export/{what}.csv", **WINDOW))
            assert set(rows[0]) == set(listed[0])
            assert [row["id"] for row in rows] == [row["id"] for row in listed]
            for name in ("questions", "answers", "tokens", "cost", "pseudonym"):
                assert [row[name] for row in rows] == [str(row[name]) for row in listed]

    async def test_are_narrowed(self, golden: Get) -> None:
        assert len(rows_of(await golden("/export/users.csv", **WINDOW, bot=43))) == 1
        assert len(rows_of(await golden("/export/dialogs.csv", **WINDOW, model="small"))) == 1
        text = await golden("/export/dialogs.csv", **WINDOW, outcome="cancelled")
        assert len(rows_of(text)) == 1

    async def test_come_page_by_page(
        self, reach: Serving, own_url: str, tell: Tell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pages: list[int] = []
        real = lists.users

        async def counted(*args: Any, **given: Any) -> Any:
            found = await real(*args, **given)
            pages.append(len(found))
            return found

        monkeypatch.setattr(lists, "users", counted)
        people = [Person(name="SECRET", id=number) for number in range(1, MANY + 1)]
        await tell(Told(at=utc(20, 8), who=who, dialog=f"{who.id}", opens=True) for who in people)
        async with reach(own_url) as http:
            get = asking(http)
            rows = rows_of(await get("/export/users.csv", **ONE_DAY))
            dialogs = rows_of(await get("/export/dialogs.csv", **ONE_DAY))
        assert {row["id"] for row in rows} == {str(who.public_id) for who in people}
        assert len(rows) == len(dialogs) == len({row["id"] for row in dialogs}) == MANY
        assert pages == [500] * 6 + [0]


class TestCells:
    @pytest.mark.parametrize(
        ("value", "written"),
        [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\\x09=1"),
            ("\r=1", "'\\x0d=1"),
            ("\n=1", "'\\x0a=1"),
            ("\uff1d1+1", "'\uff1d1+1"),  # as a Japanese keyboard writes it
            ("\uff20x", "'\uff20x"),
            ("a=1", "a=1"),
            ("a\0b\x1b[2Jc\x7f", "a\\x00b\\x1b[2Jc\\x7f"),
            ("a\u202eb", "a\\x202eb"),
            ("", ""),
            (None, None),
            (-5, -5),
            (0.25, 0.25),
        ],
    )
    def test_are_no_formulas(self, value: Any, written: Any) -> None:
        assert cell(value) == written

    @pytest.mark.parametrize(
        "words",
        [
            *(
                "=HYPERLINK(1)",
                "+1",
                "-1",
                "@a",
                "\tx",
                "\rx",
                "a,b",
                'a"b',
                "a\nb",
                "a\r\nb",
                "'x",
            ),
            *("a;b", "ünïcödé", "😀", '=cmd|" /C calc"!A0', '","=1+1', "\x1b[31m"),
        ],
    )
    async def test_of_strange_words_stay_in_their_place(
        self, own: Get, tell: Tell, words: str
    ) -> None:
        """A language is what a stranger's client says; a model is what a provider says."""
        who = replace(CID, language=words)
        await tell([replace(GOLDEN[0], who=who, model=words, at=utc(20, 8))])
        for path in ("users", "dialogs", "breakdown"):
            text = await own(f"/export/{path}.csv", **ONE_DAY, metric="questions", by="model")
            header, row = list(csv.reader(io.StringIO(text, newline="")))
            assert len(header) == len(row)
            assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row)
            assert not any(ord(char) < 32 for value in row for char in value)
