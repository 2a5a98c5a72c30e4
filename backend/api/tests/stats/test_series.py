"""GET /stats/series and /stats/retention: buckets of a clock that may be changed in the night."""

import pytest

from .conftest import Get

BERLIN = {"from_": "2026-10-24", "to": "2026-10-27", "tz": "Europe/Berlin"}


class TestDays:
    async def test_begin_at_local_midnight(self, golden: Get) -> None:
        body = await golden("/stats/series", **BERLIN, metric="questions")
        assert [bucket["start"] for bucket in body["buckets"]] == [
            "2026-10-24T00:00:00+02:00",
            "2026-10-25T00:00:00+02:00",
            "2026-10-26T00:00:00+01:00",
        ]
        assert [bucket["values"]["questions"] for bucket in body["buckets"]] == [1, 4, 1]

    async def test_are_others_in_utc(self, golden: Get) -> None:
        body = await golden("/stats/series", **BERLIN | {"tz": "UTC"}, metric="questions")
        assert [bucket["values"]["questions"] for bucket in body["buckets"]] == [2, 3, 1]

    @pytest.mark.parametrize(("day", "next_day", "hours"), [(25, 26, 25), (26, 27, 24)])
    async def test_have_as_many_hours_as_their_clock_shows(
        self, golden: Get, day: int, next_day: int, hours: int
    ) -> None:
        window = {"from_": f"2026-10-{day}", "to": f"2026-10-{next_day}", "tz": "Europe/Berlin"}
        body = await golden("/stats/series", **window, metric="questions")
        assert body["window"]["bucket"] == "hour"
        assert len(body["buckets"]) == hours

    async def test_of_23_hours_are_whole(self, golden: Get) -> None:
        window = {"from_": "2026-03-29", "to": "2026-03-30", "tz": "Europe/Berlin"}
        hours = await golden("/stats/series", **window, metric="questions")
        assert len(hours["buckets"]) == 23
        [day] = (await golden("/stats/series", **window, metric="questions", bucket="day"))[
            "buckets"
        ]
        assert not day["is_partial"]

    async def test_tell_both_hours_of_one_name_apart(self, golden: Get) -> None:
        window = {"from_": "2026-10-25", "to": "2026-10-26", "tz": "Europe/Berlin"}
        body = await golden("/stats/series", **window, metric=["declined", "failed"])
        found = {bucket["start"]: bucket["values"] for bucket in body["buckets"]}
        assert found["2026-10-25T02:00:00+02:00"] == {"declined": 1, "failed": 0}
        assert found["2026-10-25T02:00:00+01:00"] == {"declined": 0, "failed": 1}

    async def test_of_25_hours_are_compared_with_one_day(self, golden: Get) -> None:
        window = {"from_": "2026-10-25", "to": "2026-10-26", "tz": "Europe/Berlin"}
        body = await golden("/stats/series", **window, metric="questions")
        assert body["window"]["previous_start"] == "2026-10-24T00:00:00+02:00"
        assert body["window"]["previous_end"] == "2026-10-25T00:00:00+02:00"
        assert body["total"] == {"current": {"questions": 4}, "previous": {"questions": 1}}

    async def test_of_a_zone_that_lost_one_begin_where_they_can(self, golden: Get) -> None:
        window = {"from_": "2011-12-29", "to": "2012-01-01", "tz": "Pacific/Apia"}
        body = await golden("/stats/series", **window, metric="questions", bucket="day")
        assert [bucket["start"][:10] for bucket in body["buckets"]] == ["2011-12-29", "2011-12-31"]


class TestBuckets:
    async def test_that_the_window_cuts_are_partial(self, golden: Get) -> None:
        window = {"from_": "2026-10-24", "to": "2026-11-03", "bucket": "week"}
        body = await golden("/stats/series", **window, metric="questions")
        starts = [(bucket["start"][:10], bucket["is_partial"]) for bucket in body["buckets"]]
        assert starts == [("2026-10-24", True), ("2026-10-26", False), ("2026-11-02", True)]

    async def test_that_are_not_over_are_partial(self, golden: Get) -> None:
        body = await golden("/stats/series", period="day", metric="questions")
        assert [bucket["is_partial"] for bucket in body["buckets"]] == [False] * 23 + [True]

    async def test_may_be_months(self, golden: Get) -> None:
        window = {"from_": "2026-09-01", "to": "2026-11-01", "bucket": "month"}
        body = await golden("/stats/series", **window, metric="questions")
        assert [bucket["values"]["questions"] for bucket in body["buckets"]] == [0, 7]

    async def test_hold_only_what_was_asked_for(self, golden: Get) -> None:
        body = await golden("/stats/series", **BERLIN, metric=["cost", "cost", "error_rate"])
        assert body["buckets"][0]["values"] == {"cost": 200, "error_rate": 0}
        assert body["total"]["current"] == {"cost": 957, "error_rate": 1 / 6}

    async def test_know_a_stage_within_two_percent(self, golden: Get) -> None:
        body = await golden("/stats/series", **BERLIN, metric=["first_visible_p50", "queue_p99"])
        found = body["total"]["current"]  # each answer waited 10 ms, then 100 ms for its first text
        assert found["first_visible_p50"] == pytest.approx(110, rel=0.02)
        assert found["queue_p99"] == pytest.approx(10, rel=0.02)


class TestRetention:
    async def test_follows_those_first_seen_on_a_day(self, golden: Get) -> None:
        window = {"from_": "2026-10-22", "to": "2026-10-27"}
        body = await golden("/stats/retention", **window)
        found = {one["start"][8:10]: (one["size"], one["active"]) for one in body["cohorts"]}
        assert found == {
            "22": (1, [1, 0, 1, 1, 1]),  # ann: the 22nd, 24th, 25th and 26th
            "23": (0, [0, 0, 0, 0]),
            "24": (1, [1, 1, 0]),  # ben: by UTC on the 24th, again on the 25th
            "25": (1, [1, 0]),  # cid
            "26": (0, [0]),
        }

    async def test_of_one_bot(self, golden: Get) -> None:
        body = await golden("/stats/retention", from_="2026-10-22", to="2026-10-27", bot=43)
        assert [one["size"] for one in body["cohorts"]] == [0, 0, 0, 1, 0]
