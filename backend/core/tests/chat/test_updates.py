"""Whose an update is, and what is left of one when somebody is taken out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chat.updates import author_of, event_of, sent_at, without

ANN, BOB = 7, 8
USER = {ANN: {"id": ANN, "first_name": "Ann"}, BOB: {"id": BOB, "first_name": "Bob"}}
PRIVATE = {"id": ANN, "type": "private", "first_name": "Ann"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}


class TestAuthor:
    @pytest.mark.parametrize(
        ("event", "author"),
        [
            ({"from": USER[ANN], "chat": GROUP}, ANN),
            ({"user": USER[ANN], "chat": GROUP}, ANN),
            ({"chat": PRIVATE, "draft_id": 3}, ANN),
            ({"chat": GROUP}, None),
            ({"from": {"id": 1087968824, "is_bot": True}, "chat": GROUP}, None),
            ({"from": {"id": "7"}}, None),
            ({"from": {"id": True}}, None),
            ({"from": {"id": 2**63}}, None),
            ({"from": 7}, None),
            ({}, None),
        ],
    )
    def test_is_the_person_whose_doing_it_is(
        self, event: dict[str, Any], author: int | None
    ) -> None:
        assert author_of(event) == author


class TestMoment:
    @pytest.mark.parametrize(
        ("event", "moment"),
        [
            ({"date": 1000}, 1000),
            ({"date": 1000, "edit_date": 2000}, 2000),
            ({"date": "1000"}, None),
            ({"date": -1}, None),
            ({"date": 2**62}, None),
            ({"date": 1.5}, None),
            ({}, None),
        ],
    )
    def test_is_that_of_the_doing(self, event: dict[str, Any], moment: int | None) -> None:
        assert sent_at(event) == moment


class TestWithout:
    def test_a_quoted_message_goes_with_its_quotation(self) -> None:
        message = {
            "from": USER[BOB],
            "chat": GROUP,
            "text": "no",
            "quote": {"text": "cats fly", "position": 3},
            "reply_to_message": {"from": USER[ANN], "chat": GROUP, "text": "Do cats fly?"},
        }
        assert without({"update_id": 1, "message": message}, ANN) == {
            "update_id": 1,
            "message": {"from": USER[BOB], "chat": GROUP, "text": "no"},
        }

    def test_a_quotation_of_somebody_else_stays(self) -> None:
        reply = {"from": USER[BOB], "text": "Do cats fly?"}
        message = {"from": USER[BOB], "quote": {"text": "cats fly"}, "reply_to_message": reply}
        assert without({"message": message}, ANN) == {"message": message}

    def test_who_is_named_becomes_nobody(self) -> None:
        joined = {"new_chat_members": [USER[ANN], USER[BOB]], "pinned_message": {"chat": PRIVATE}}
        assert without(joined, ANN) == {
            "new_chat_members": [{"id": 0, "is_bot": False, "first_name": ""}, USER[BOB]],
            "pinned_message": {
                "chat": {"id": 0, "is_bot": False, "first_name": "", "type": "private"}
            },
        }


PEOPLE = st.sampled_from([USER[ANN], USER[BOB], GROUP, PRIVATE])
EVENTS = st.recursive(
    PEOPLE | st.text() | st.integers(0, 10) | st.none(),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "user", "chat", "reply_to_message", "quote", "text", "x"]),
            values,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def people_in(value: Any) -> set[Any]:
    match value:
        case dict():
            own = {value["id"]} if isinstance(value.get("id"), int) else set()
            return own.union(*map(people_in, value.values()))
        case list():
            return set().union(*map(people_in, value))
        case _:
            return set()


@given(EVENTS)
def test_whoever_is_taken_out_is_nowhere_and_nobody_else_is_touched(event: Any) -> None:
    rest = without(event, ANN)
    assert ANN not in people_in(rest)
    assert without(rest, ANN) == rest
    if ANN not in people_in(event):
        assert rest == event


@given(EVENTS)
def test_nothing_breaks_it(event: Any) -> None:
    found = event_of({"update_id": 1, "message": event})
    author_of(found)
    sent_at(found)
    event_of(event)
