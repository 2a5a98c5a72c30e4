"""GET /users/{id}: one person in all time, and the same numbers as everywhere."""

from uuid import uuid4

from api.pseudonyms import pseudonym

from .conftest import Get, Query, Tell
from .golden import ANN, BEN, CID, GOLDEN

ALL = {"from_": "2026-10-01", "to": "2026-11-01"}


async def test_adds_up_by_hand(golden: Get) -> None:
    assert await golden(f"/users/{ANN.public_id}") == {
        "id": str(ANN.public_id),
        "pseudonym": pseudonym(ANN.public_id),
        "bot_id": 42,
        "language": "en",
        "first_seen": "2026-10-22T10:00:00Z",
        "last_seen": "2026-10-26T08:00:00Z",
        "questions": 4,
        "answers": 3,
        "tokens": 15 + 30 + 7,
        "cost": 100 + 200 + 50,
    }


async def test_is_what_the_list_says_of_all_time(golden: Get) -> None:
    listed = {row["id"]: row for row in (await golden("/users", **ALL))["users"]}
    for who in (ANN, BEN, CID):
        person = await golden(f"/users/{who.public_id}")
        person.pop("last_seen")
        assert person == listed[str(who.public_id)]


async def test_who_has_asked_nothing_yet_is_there(own: Get, tell: Tell, query: Query) -> None:
    await tell(GOLDEN)
    new_id = uuid4()
    await query(
        "INSERT INTO users (bot_id, id, public_id, first_name, created_at) "
        "VALUES (42, 99, :public_id, 'SECRET', '2026-10-26T12:30:00Z')",
        public_id=new_id,
    )
    person = await own(f"/users/{new_id}")
    assert (person["first_seen"], person["last_seen"]) == ("2026-10-26T12:00:00Z", None)
    assert (person["questions"], person["cost"], person["language"]) == (0, 0, None)


async def test_who_is_not_there_is_not_found(golden: Get) -> None:
    body = await golden(f"/users/{uuid4()}", 404)
    assert body["code"] == "user_not_found"
    assert (await golden("/users/ann", 422))["code"] == "invalid_request"
    assert (await golden("/users/%00", 422))["code"] == "invalid_request"
