"""GET /stats over the golden history; its numbers are added up in the comments."""

from typing import Any

from .conftest import Get

#: three days of Berlin, 73 hours
WINDOW = {"from_": "2026-10-24", "to": "2026-10-27", "tz": "Europe/Berlin"}


class TestSummary:
    async def test_adds_up_by_hand(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW)
        summary = body["summary"]["current"]
        assert summary["questions"] == 6
        assert summary["answers"] == 4  # ann, ben, cid, and ann's broken off one
        assert summary["messages"] == 10
        assert summary["dialogs"] == 3  # B1, C1, A2
        assert summary["tokens"] == (20 + 10) + (30 + 15) + (40 + 20) + (5 + 2)
        assert summary["cost"] == 200 + (300 + 7) + 400 + 50
        assert summary["cost_per_answer"] == 957 / 4
        assert summary["answer_length"] == (100 + 60 + 40 + 10) / 4
        assert summary["error_rate"] == 1 / 6
        assert summary["declined_rate"] == 1 / 6
        assert summary["stopped_rate"] == 1 / 6
        assert summary["fallback_rate"] == 1 / 5  # the declined one was never put to a model
        assert summary["saved_answers"] == 1
        assert summary["feedback_score"] == 1 / 2

    async def test_counts_people_by_when_they_came_before(self, golden: Get) -> None:
        summary = (await golden("/stats", **WINDOW))["summary"]["current"]
        assert summary["active_users"] == 3
        assert summary["new_users"] == 2
        assert summary["returning_users"] == 1  # ann, on the 22nd

    async def test_is_compared_with_as_many_days_before(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW)
        assert body["window"]["previous_start"] == "2026-10-21T00:00:00+02:00"
        assert body["window"]["previous_end"] == "2026-10-24T00:00:00+02:00"
        previous = body["summary"]["previous"]
        assert (previous["questions"], previous["cost"], previous["new_users"]) == (1, 100, 1)

    async def test_is_compared_with_the_same_weekdays(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW, compare="weekday")
        assert body["window"]["previous_start"] == "2026-10-17T00:00:00+02:00"
        assert body["window"]["previous_end"] == "2026-10-20T00:00:00+02:00"
        assert body["summary"]["previous"]["questions"] == 0

    async def test_is_compared_with_nothing(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW, compare="none")
        assert body["summary"]["previous"] is None
        assert body["window"]["previous_start"] is None

    async def test_is_the_sum_of_the_activity(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW)
        for slug in ("messages", "questions", "answers", "tokens", "cost"):
            buckets = sum(bucket["values"][slug] for bucket in body["activity"])
            assert buckets == body["summary"]["current"][slug], slug


class TestLists:
    async def test_the_newest_dialogs_come_first(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW)
        shown = [(one["questions"], one["outcome"]) for one in body["recent_dialogs"]]
        assert shown == [(1, "cancelled"), (1, "answered"), (2, "failed_told"), (2, "declined")]

    async def test_dialogs_are_those_of_the_window(self, golden: Get) -> None:
        body = await golden("/stats", from_="2026-10-22", to="2026-10-23")
        assert [one["questions"] for one in body["recent_dialogs"]] == [1]

    async def test_the_most_active_people_come_first(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW)
        shown = [(one["questions"], one["cost"]) for one in body["top_users"]["users"]]
        assert shown == [(3, 250), (2, 307), (1, 400)]  # ann, ben, cid


class TestFilters:
    async def test_a_bot(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW, bot=43)
        assert body["summary"]["current"]["questions"] == 1
        assert [one["bot_id"] for one in body["recent_dialogs"]] == [43]
        assert [one["bot_id"] for one in body["top_users"]["users"]] == [43]

    async def test_what_a_model_does_not_fit_is_left_out(self, golden: Get) -> None:
        summary: dict[str, Any] = (await golden("/stats", **WINDOW, model="large"))["summary"]
        assert summary["current"]["questions"] == 4  # the failed one was put to it, too
        assert "active_users" not in summary["current"]

    async def test_a_language_is_what_its_questions_said(self, golden: Get) -> None:
        body = await golden("/stats", **WINDOW, language="de")
        assert body["summary"]["current"]["questions"] == 2

    async def test_a_person(self, golden: Get) -> None:
        people = (await golden("/users", **WINDOW))["users"]
        body = await golden("/stats", **WINDOW, user=people[1]["id"])
        assert body["summary"]["current"]["questions"] == 2
        assert body["summary"]["current"]["active_users"] == 1
        assert [one["id"] for one in body["top_users"]["users"]] == [people[1]["id"]]

    async def test_a_person_of_another_bot_is_nobody(self, golden: Get) -> None:
        people = (await golden("/users", **WINDOW))["users"]
        body = await golden("/stats", 404, **WINDOW, user=people[0]["id"], bot=43)
        assert body["code"] == "user_not_found"


class TestEmpty:
    async def test_a_database_without_history_gives_zeros_and_nulls(self, own: Get) -> None:
        for period in ("day", "week", "month"):
            body = await own("/stats", period=period)
            summary = body["summary"]["current"]
            assert summary["questions"] == summary["active_users"] == summary["cost"] == 0
            assert summary["error_rate"] is summary["first_visible_p95"] is None
            assert body["recent_dialogs"] == body["top_users"]["users"] == []

    async def test_every_other_route_answers_too(self, own: Get) -> None:
        assert (await own("/users"))["users"] == []
        assert (await own("/dialogs"))["dialogs"] == []
        assert (await own("/stats/breakdown", metric="questions", by="bot"))["slices"] == []
        assert {one["size"] for one in (await own("/stats/retention"))["cohorts"]} == {0}
        for what in ("users", "dialogs", "series", "breakdown"):
            text = await own(f"/export/{what}.csv", metric="questions", by="bot")
            assert text.count("\r\n") == (8 if what == "series" else 1)
