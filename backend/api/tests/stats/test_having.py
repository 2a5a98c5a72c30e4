"""GET /dialogs?having=: dialogs in which something happened, in the window."""

from dataclasses import replace
from typing import Any

import pytest

from .conftest import Get, Query, Tell
from .golden import ANN, GOLDEN, Told, dialog_id, utc

WINDOW = {"from_": "2026-10-20", "to": "2026-10-27"}


async def names(get: Get, **asked: Any) -> list[str]:
    """The dialogs by the names they have in the history."""
    known = {str(dialog_id(name)): name for name in ("A1", "A2", "B1", "C1")}
    body = await get("/dialogs", **{**WINDOW, **asked})
    assert body["total"] == len(body["dialogs"])
    return sorted(known[row["id"]] for row in body["dialogs"])


@pytest.mark.parametrize(
    ("having", "found"),
    [
        ("liked", ["B1"]),
        ("disliked", ["C1"]),
        ("stopped", ["A2"]),
        ("declined", ["A1"]),
        ("failed", ["B1"]),
        ("fallback", ["B1"]),
        ("edited", []),
        ("partial", []),
        ("delivery_unknown", []),
    ],
)
async def test_what_happened_in_the_golden_history(
    golden: Get, having: str, found: list[str]
) -> None:
    assert await names(golden, having=having) == found


@pytest.mark.parametrize(
    ("having", "made"),
    [
        ("edited", "edited_at = now()"),
        ("partial", "verdict = 'answered_partial'"),
        ("delivery_unknown", "delivery_unknown = true"),
    ],
)
async def test_what_happened_later(
    own: Get, tell: Tell, query: Query, having: str, made: str
) -> None:
    await tell(GOLDEN)
    await query(f"UPDATE turns SET {made} WHERE dialog_id = :id", id=dialog_id("C1"))
    assert await names(own, having=having) == ["C1"]


async def test_counts_turns_of_the_window_alone(own: Get, tell: Tell) -> None:
    """Ann's dialog begins on the 20th and is stopped on the 22nd."""
    began = Told(at=utc(20, 8), who=ANN, dialog="A1", opens=True, length=5)
    await tell([began, replace(began, at=utc(22, 8), opens=False, outcome="cancelled")])
    assert await names(own, having="stopped", from_="2026-10-20", to="2026-10-21") == []
    assert await names(own, having="stopped", from_="2026-10-20", to="2026-10-23") == ["A1"]


async def test_goes_together_with_the_other_filters(golden: Get) -> None:
    assert await names(golden, having="liked", model="small") == ["B1"]
    assert await names(golden, having="liked", bot=43) == []
    assert await names(golden, having="fallback", outcome="answered") == ["B1"]
    assert await names(golden, having="failed", outcome="answered") == []  # not of one question
    assert await names(golden, having="stopped", user=str(ANN.public_id)) == ["A2"]


async def test_knows_no_other_words(golden: Get) -> None:
    for path in ("/dialogs", "/export/dialogs.csv"):
        body = await golden(path, 422, **WINDOW, having="loved")
        assert body["code"] == "invalid_request"
        assert "query.having" in body["detail"]
