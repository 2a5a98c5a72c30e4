"""GET /stats/breakdown and /stats/metrics."""

import pytest

from core.stats.metrics import METRICS

from .conftest import Get

WINDOW = {"from_": "2026-10-24", "to": "2026-10-27", "tz": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("bot", {"42": 5, "43": 1}),
        ("model", {"large": 4, "small": 1, "": 1}),  # the failed one was put to the large one
        ("provider", {"Simulator": 4, "": 2}),
        ("outcome", {"answered": 3, "cancelled": 1, "declined": 1, "failed_told": 1}),
        ("language", {"en": 3, "de": 2, "": 1}),
        ("kind", {"text": 6}),
        ("error", {"": 5, "all_targets_failed": 1}),
        # Saturday the 24th, Sunday with two hours of one name, Monday
        ("hour_of_week", {"6-23": 1, "7-00": 1, "7-02": 2, "7-23": 1, "1-09": 1}),
    ],
)
async def test_slices_add_up_by_hand(golden: Get, by: str, expected: dict[str, int]) -> None:
    body = await golden("/stats/breakdown", **WINDOW, metric="questions", by=by)
    assert {one["key"]: one["values"]["questions"] for one in body["slices"]} == expected
    assert body["keys"] == len(expected)
    assert body["by"] == by


async def test_the_largest_comes_first_by_the_first_metric(golden: Get) -> None:
    body = await golden("/stats/breakdown", **WINDOW, metric=["cost", "questions"], by="language")
    shown = [(one["key"], one["values"]["cost"]) for one in body["slices"]]
    assert shown == [("", 400), ("de", 307), ("en", 250)]


async def test_a_limit_leaves_the_number_of_keys(golden: Get) -> None:
    body = await golden("/stats/breakdown", **WINDOW, metric="questions", by="language", limit=1)
    assert body["keys"] == 3
    assert [one["key"] for one in body["slices"]] == ["en"]


async def test_people_are_counted_by_bot(golden: Get) -> None:
    metrics = ["active_users", "new_users", "returning_users"]
    body = await golden("/stats/breakdown", **WINDOW, metric=metrics, by="bot")
    assert {one["key"]: tuple(one["values"].values()) for one in body["slices"]} == {
        "42": (2, 1, 1),
        "43": (1, 1, 0),
    }


async def test_a_filter_narrows_the_slices(golden: Get) -> None:
    body = await golden("/stats/breakdown", **WINDOW, metric="questions", by="outcome", model="")
    assert {one["key"]: one["values"]["questions"] for one in body["slices"]} == {"declined": 1}


class TestDictionary:
    async def test_tells_of_every_metric(self, golden: Get) -> None:
        told = {one["slug"]: one for one in (await golden("/stats/metrics"))["metrics"]}
        assert list(told) == list(METRICS)
        assert all(one["title"] and one["definition"] and one["unit"] for one in told.values())

    async def test_promises_what_a_breakdown_keeps(self, golden: Get) -> None:
        for metric in (await golden("/stats/metrics"))["metrics"]:
            for by in metric["dimensions"]:
                await golden("/stats/breakdown", **WINDOW, metric=metric["slug"], by=by)

    async def test_promises_what_a_filter_keeps(self, golden: Get) -> None:
        [person, *_] = (await golden("/users", **WINDOW))["users"]
        values = {"bot": 42, "model": "large", "language": "en", "user": person["id"]}
        for metric in (await golden("/stats/metrics"))["metrics"]:
            for name, value in values.items():
                expected = 200 if name in metric["filters"] else 422
                window = WINDOW | {name: value, "metric": metric["slug"]}
                await golden("/stats/series", expected, **window)
