"""The ninety days of the demonstration through the API: something to see on every page."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from .conftest import Get

TODAY = datetime.now(UTC).date()
ALL = {"from_": f"{TODAY - timedelta(days=100)}", "to": f"{TODAY + timedelta(days=1)}"}
MONTH = {"period": "month"}


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
