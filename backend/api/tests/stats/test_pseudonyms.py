"""Who reads texts is recorded; everywhere else stand pseudonyms."""

import pytest

from api.pseudonyms import pseudonym

from .conftest import NAME, PASSWORD, Get, Query, Serving, Tell
from .golden import ANN, BEN, GOLDEN, dialog_id

WINDOW = "from=2026-10-20&to=2026-10-27"
#: every answer but that of an opened dialog
ANSWERS = (
    f"/stats?{WINDOW}",
    "/stats/metrics",
    f"/stats/series?{WINDOW}&metric=questions",
    f"/stats/breakdown?{WINDOW}&metric=questions&by=language",
    f"/stats/retention?{WINDOW}",
    f"/users?{WINDOW}",
    f"/users/{ANN.public_id}",
    f"/stats/marks?{WINDOW}",
    "/system",
    f"/dialogs?{WINDOW}",
    f"/export/series.csv?{WINDOW}&metric=questions",
    f"/export/breakdown.csv?{WINDOW}&metric=questions&by=kind",
    f"/export/users.csv?{WINDOW}",
    f"/export/dialogs.csv?{WINDOW}",
    f"/dialogs/{dialog_id('A1')}",
    f"/dialogs/{dialog_id('A1')}?reason=because&cursor=x",
    "/openapi.json",
    "/auth/me",
)
AUDIT = "SELECT actor, action, subject, address, details, now() - at < '1 minute' FROM audit_log"


@pytest.mark.parametrize("path", ANSWERS)
async def test_no_other_answer_holds_a_text_or_a_name(
    reach: Serving, golden_url: str, path: str
) -> None:
    async with reach(golden_url) as http:
        answer = await http.get(f"/api/v1{path}", auth=(NAME, PASSWORD))
    assert "SECRET" not in answer.text
    assert "telegram" not in answer.text.lower() or "openapi" in path or "metrics" in path


class TestPseudonyms:
    async def test_are_the_same_wherever_a_person_appears(self, golden: Get) -> None:
        window = {"from_": "2026-10-20", "to": "2026-10-27"}
        name = pseudonym(ANN.public_id)
        assert (await golden("/users", **window))["users"][0]["pseudonym"] == name
        assert (await golden("/dialogs", **window))["dialogs"][0]["pseudonym"] == name
        body = await golden("/stats", **window)
        assert body["recent_dialogs"][0]["pseudonym"] == name
        assert body["top_users"]["users"][0]["pseudonym"] == name
        assert name in await golden("/export/users.csv", **window)
        assert name in await golden("/export/dialogs.csv", **window)
        opened = await golden(f"/dialogs/{dialog_id('A1')}", reason="because")
        assert {turn["pseudonym"] for turn in opened["turns"]} == {name}

    async def test_tell_people_apart(self) -> None:
        assert pseudonym(ANN.public_id) != pseudonym(BEN.public_id)


class TestOpeningADialog:
    async def test_shows_its_texts_the_oldest_first(self, golden: Get) -> None:
        opened = await golden(f"/dialogs/{dialog_id('B1')}", reason="because")
        assert opened["dialog"]["questions"] == 2
        first, second = opened["turns"]
        assert first["question"].startswith("SECRET user")
        assert first["answer"].startswith("SECRET assistant")
        assert (first["outcome"], first["model_served"], first["cost"]) == (
            "answered",
            "small",
            307,
        )
        calls = [(call["target"], call["outcome"], call["cost"]) for call in first["calls"]]
        assert sorted(calls) == [("large", "failed", 7), ("small", "answered", 300)]
        assert (second["outcome"], second["answer"]) == ("failed_told", None)
        assert opened["next"] is None

    async def test_shows_each_turn_on_one_page(self, golden: Get) -> None:
        path = f"/dialogs/{dialog_id('A1')}"
        whole = [turn["id"] for turn in (await golden(path, reason="because"))["turns"]]
        paged = []
        cursor: dict[str, str] = {}
        while cursor.get("cursor", "") is not None:
            body = await golden(path, reason="because", limit=2, **cursor)
            paged += [turn["id"] for turn in body["turns"]]
            cursor = {"cursor": body["next"]}
        assert paged == whole
        assert len(set(whole)) == 3

    async def test_is_recorded(self, own: Get, tell: Tell, query: Query) -> None:
        await tell(GOLDEN)
        await own(f"/dialogs/{dialog_id('A1')}", reason="a complaint, of the 20th")
        [entry] = await query(f"{AUDIT} WHERE action = 'dialog_opened'")
        reason = {"reason": "a complaint, of the 20th"}
        assert tuple(entry) == (
            *(NAME, "dialog_opened", str(dialog_id("A1")), "127.0.0.1", reason),
            True,
        )

    async def test_is_recorded_page_by_page(self, own: Get, tell: Tell, query: Query) -> None:
        await tell(GOLDEN)
        path = f"/dialogs/{dialog_id('A1')}"
        body = await own(path, reason="because", limit=1)
        await own(path, reason="because", limit=1, cursor=body["next"])
        assert len(await query(f"{AUDIT} WHERE action = 'dialog_opened'")) == 2

    async def test_needs_a_reason(self, own: Get, tell: Tell, query: Query) -> None:
        await tell(GOLDEN)
        path = f"/dialogs/{dialog_id('A1')}"
        assert "query.reason: Field required" in (await own(path, 422))["detail"]
        for reason in ("", "ab", "   ", "\t\t\t", "a\nb c", "a\0bc", "x" * 201):
            body = await own(path, 422, reason=reason)
            assert body["code"] == "invalid_request", reason
            assert "query.reason" in body["detail"]
        assert not await query(f"{AUDIT} WHERE action = 'dialog_opened'")

    async def test_that_is_not_there_is_not_recorded(self, own: Get, query: Query) -> None:
        body = await own(f"/dialogs/{dialog_id('A1')}", 404, reason="because")
        assert body["code"] == "dialog_not_found"
        assert not await query(f"{AUDIT} WHERE action = 'dialog_opened'")

    async def test_shows_that_texts_were_erased(self, own: Get, tell: Tell, query: Query) -> None:
        await tell(GOLDEN)
        await query("UPDATE messages SET content = '', deleted_at = now()")
        opened = await own(f"/dialogs/{dialog_id('A1')}", reason="because")
        assert {turn["question"] for turn in opened["turns"]} == {""}
        assert all(turn["erased_at"] for turn in opened["turns"])


async def test_each_file_is_recorded(own: Get, query: Query) -> None:
    for what in ("series", "breakdown", "users", "dialogs"):
        await own(f"/export/{what}.csv", metric="questions", by="bot")
    entries = await query(f"{AUDIT} WHERE action = 'exported' ORDER BY at")
    assert [(entry.actor, entry.subject) for entry in entries] == [
        (NAME, what) for what in ("series", "breakdown", "users", "dialogs")
    ]


async def test_numbers_alone_leave_no_record(own: Get, query: Query) -> None:
    for path in ("/stats", "/users", "/dialogs", "/stats/retention"):
        await own(path)
    assert not await query(f"{AUDIT} WHERE action IN ('exported', 'dialog_opened')")
