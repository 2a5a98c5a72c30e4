"""How an update is understood just enough to be queued."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import describe

CHAT = {"id": 7, "type": "private"}


def message(**fields: object) -> dict[str, object]:
    event = {"message_id": 3, "date": 1000, "chat": CHAT, **fields}
    return {"update_id": 1, "message": event}


class TestLane:
    @pytest.mark.parametrize(
        ("update", "lane"),
        [
            (message(text="hello"), "7:0"),
            (message(text="hello", message_thread_id=5, is_topic_message=True), "7:5"),
            (message(text="a reply outside a topic", message_thread_id=5), "7:0"),
            ({"update_id": 1, "edited_message": {"message_id": 3, "chat": CHAT}}, "7:0"),
            ({"update_id": 1, "message_reaction": {"chat": CHAT, "message_id": 3}}, "7:0"),
        ],
    )
    def test_a_chat_and_its_thread_keep_their_order(
        self, update: dict[str, object], lane: str
    ) -> None:
        assert describe(update).lane == lane

    @pytest.mark.parametrize(
        "update",
        [
            message(text="/stop"),
            message(text="/stop@parley_bot now"),
            message(text="/status"),
            message(text="/HELP"),
            message(text="/usage"),
            message(text="  /STOP"),
            message(text="/delete"),
            {"update_id": 1, "callback_query": {"id": "1", "message": {"chat": CHAT}}},
            {"update_id": 1, "stopped_message_generation": {"chat": CHAT, "draft_id": 9}},
        ],
    )
    def test_what_interrupts_an_answer_does_not_wait_for_it(
        self, update: dict[str, object]
    ) -> None:
        assert describe(update).lane is None

    def test_what_becomes_of_the_bot_in_a_chat_waits_only_for_its_like(self) -> None:
        assert describe({"update_id": 1, "my_chat_member": {"chat": CHAT}}).lane not in {
            None,
            describe(message(text="hello")).lane,
        }

    @pytest.mark.parametrize("text", ["/stopwatch", "please /stop", "", None, 7])
    def test_what_only_looks_like_stop_waits(self, text: object) -> None:
        assert describe(message(text=text)).lane == "7:0"


class TestIdentity:
    def test_a_message_is_the_same_when_it_comes_again(self) -> None:
        assert describe(message(text="one")).identity == describe(message(text="one")).identity

    def test_another_message_under_the_same_update_id_is_another(self) -> None:
        assert describe(message()).identity != describe(message(message_id=4)).identity

    def test_an_edit_is_another_than_the_edit_before(self) -> None:
        first = {"update_id": 1, "edited_message": {"message_id": 3, "chat": CHAT, "edit_date": 1}}
        second = {"update_id": 1, "edited_message": {"message_id": 3, "chat": CHAT, "edit_date": 2}}
        assert describe(first).identity != describe(second).identity


class TestAuthor:
    def test_it_knows_whose_doing_it_is_and_when(self) -> None:
        incoming = describe(message(**{"from": {"id": 9, "is_bot": False}}))
        assert (incoming.user_id, incoming.sent_at) == (9, 1000)

    def test_a_button_tells_no_moment(self) -> None:
        press = {"update_id": 1, "callback_query": {"id": "1", "from": {"id": 9}}}
        assert (describe(press).user_id, describe(press).sent_at) == (9, None)


class TestUnusable:
    @pytest.mark.parametrize(
        "raw", [None, 7, "text", [], {}, {"update_id": "7"}, {"message": {}}, {"update_id": None}]
    )
    def test_it_is_kept_with_its_reason(self, raw: object) -> None:
        incoming = describe(raw)
        assert incoming.reason
        assert json.loads(incoming.raw) == raw


def test_escapes_that_text_cannot_hold_stay_escapes() -> None:
    raw = describe(message(text="\x00 \ud83d")).raw
    assert raw.isascii()
    assert json.loads(raw)["message"]["text"] == "\x00 \ud83d"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
    max_leaves=20,
)


@given(st.one_of(JSON, st.fixed_dictionaries({"update_id": st.integers(), "message": JSON})))
def test_nothing_that_json_can_say_breaks_it(raw: object) -> None:
    assert json.loads(describe(raw).raw) == raw
