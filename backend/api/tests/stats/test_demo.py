"""The days of the demonstration: one number wherever it is asked for, and something to see."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .conftest import Get, Serving, asking

TODAY = datetime.now(UTC).date()
ALL = {"from_": f"{TODAY - timedelta(days=100)}", "to": f"{TODAY + timedelta(days=1)}"}
MONTH = {"period": "month"}
#: of each row of a list
COUNTED = ("questions", "answers", "tokens", "cost", "likes", "dislikes")


def window(*, days: int) -> dict[str, Any]:
    return {
        "from_": str(TODAY - timedelta(days=days)),
        "to": str(TODAY + timedelta(days=2)),
        "tz": "Europe/Berlin",
    }


async def test_is_the_same_wherever_it_is_asked_for(reach: Serving, demo_url: str) -> None:
    slugs = ["messages", "questions", "answers", "dialogs", "tokens", "cost", "failed", "likes"]
    asked = window(days=30) | {"metric": slugs, "limit": 200}
    async with reach(demo_url) as http:
        get = asking(http)
        tile = (await get("/stats", **asked))["summary"]["current"]
        series = await get("/stats/series", **asked)
        files = await get("/export/series.csv", **asked)
        slices = {
            by: (await get("/stats/breakdown", **asked, by=by))["slices"]
            for by in ("bot", "model", "outcome", "language", "kind", "hour_of_week")
        }
    rows = list(csv.DictReader(io.StringIO(files)))
    assert len(series["buckets"]) == len(rows) == 32
    for slug in slugs:
        total = series["total"]["current"][slug]
        assert total > 0, slug
        assert total == tile.get(slug, total)
        assert total == sum(bucket["values"][slug] for bucket in series["buckets"])
        assert total == sum(int(row[slug]) for row in rows)
        for by, found in slices.items():
            assert total == sum(one["values"][slug] for one in found), by


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"bot": 42},
        {"model": "parley/demo-large"},
        {"model": ""},
        {"language": "ru"},
        {"language": "en", "model": "parley/demo-small"},
        {"user": "of the demonstration"},
    ],
)
async def test_is_the_sum_of_its_dialogs(demo: Get, narrowed: dict[str, Any]) -> None:
    asked = window(days=30) | narrowed
    if "user" in narrowed:
        asked["user"] = (await demo("/users", **window(days=30), limit=1))["users"][0]["id"]
    tile = await demo("/stats/series", **asked, metric=COUNTED)
    told = {name: tile["total"]["current"][name] for name in COUNTED}
    assert told["questions"] > 0
    listed = await every_dialog(demo, asked)
    assert sums(listed) == told
    file = await demo("/export/dialogs.csv", **asked)
    rows = list(csv.DictReader(io.StringIO(file)))
    assert sums(rows) == told
    assert [row["id"] for row in rows] == [row["id"] for row in listed]


@pytest.mark.parametrize(
    ("by", "name"), [("outcome", "outcome"), ("model", "model"), ("language", "language")]
)
async def test_of_a_slice_is_the_sum_of_its_dialogs(demo: Get, by: str, name: str) -> None:
    asked = window(days=7)
    found = await demo("/stats/breakdown", **asked, metric="questions", by=by)
    for one in found["slices"]:
        listed = await every_dialog(demo, asked | {name: one["key"]})
        assert sums(listed)["questions"] == one["values"]["questions"], one["key"]


async def test_of_a_bar_is_the_sum_of_its_dialogs(demo: Get) -> None:
    asked = window(days=5)
    for bucket in (await demo("/stats/series", **asked, metric="questions"))["buckets"]:
        bar = {"from_": bucket["start"], "to": bucket["end"], "tz": asked["tz"]}
        listed = await every_dialog(demo, bar)
        assert sums(listed)["questions"] == bucket["values"]["questions"], bar


async def every_dialog(get: Get, asked: dict[str, Any]) -> list[Any]:
    """Of all pages; each is listed once, and as many as are said."""
    rows: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = await get("/dialogs", **asked, **cursor, limit=200)
        rows += page["dialogs"]
        if page["next"] is None:
            assert page["is_total_exact"]
            assert len({row["id"] for row in rows}) == len(rows) == page["total"]
            return rows
        cursor = {"cursor": page["next"]}


def sums(rows: list[Any]) -> dict[str, int]:
    counted = Counter(dict.fromkeys(COUNTED, 0))
    for row in rows:
        counted.update({name: int(row[name]) for name in COUNTED})
    return dict(counted)


@pytest.mark.parametrize(
    ("having", "metric"),
    [
        ("liked", "likes"),
        ("disliked", "dislikes"),
        ("edited", "edited"),
        ("stopped", "stopped"),
        ("declined", "declined"),
        ("failed", "failed"),
        ("delivery_unknown", "delivery_unknown"),
    ],
)
async def test_each_metric_has_its_dialogs(demo: Get, having: str, metric: str) -> None:
    series = await demo("/stats/series", **MONTH, metric=metric)
    file = await demo("/export/dialogs.csv", **MONTH, having=having)
    turns = sum(int(row["questions"]) for row in csv.DictReader(io.StringIO(file)))
    assert 0 < turns == series["total"]["current"][metric]


@pytest.mark.parametrize("by", ["model", "outcome", "language", "kind", "error"])
async def test_each_breakdown_has_several_slices(demo: Get, by: str) -> None:
    found = await demo("/stats/breakdown", **MONTH, metric="questions", by=by)
    assert len(found["slices"]) >= 3


async def test_people_came_one_after_the_other(demo: Get) -> None:
    found = await demo("/stats/retention", **MONTH, bucket="week")
    assert all(cohort["size"] for cohort in found["cohorts"][1:-1])
    total = (await demo("/users", **MONTH, limit=1))["total"]
    assert 150 < total < 420
    asked = {"period": "week", "metric": ["new_users", "returning_users", "resurrected_users"]}
    found = await demo("/stats/series", **asked)
    assert min(found["total"]["current"].values()) >= 5


async def test_every_release_is_marked(demo: Get) -> None:
    marks = (await demo("/stats/marks", **ALL))["marks"]
    assert {mark["kind"] for mark in marks} == {"release", "prompt", "models", "flood", "breaker"}
    assert [mark["at"] for mark in marks] == sorted(mark["at"] for mark in marks)
