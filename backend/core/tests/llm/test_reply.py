"""What counts as an answer."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from backend.core.tests.llm.conftest import DONE, HELLO, event, said
from hypothesis import given
from hypothesis import strategies as st

from core.llm import errors
from core.llm.errors import ModelError
from core.llm.model import Completion, Event, Finish, Finished, Token, Working
from core.llm.reply import MAX_TEXT, Reading, read_usage
from core.llm.usage import CostSource, Usage
from core.text import sanitize

STOP = said("", "stop") + DONE


def read(*parts: bytes) -> list[Event]:
    """All events of a body; raises what an adapter would raise."""
    reading = Reading("asked/model")
    events: list[Event] = []
    try:
        for part in parts:
            events += reading.take(part)
        events += reading.close()
    except ModelError as error:
        raise reading.failure(error) from None
    return events


def answer(*parts: bytes) -> Completion:
    last = read(*parts)[-1]
    assert isinstance(last, Finished)
    return last.completion


def shown(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


def failure(*parts: bytes) -> ModelError:
    with pytest.raises(ModelError) as caught:
        read(*parts)
    return caught.value


class TestAnAnswer:
    def test_of_a_stream(self) -> None:
        assert answer(HELLO) == Completion(
            text="Hello, world!",
            finish=Finish.STOP,
            model="asked/model",
            provider=None,
            generation_id=None,
            usage=Usage(),
        )
        assert shown(read(HELLO)) == "Hello, world!"

    def test_with_all_its_facts(self) -> None:
        usage = {
            "prompt_tokens": 11,
            "completion_tokens": 7,
            "cost": 0.0001425,
            "prompt_tokens_details": {"cached_tokens": 5},
            "completion_tokens_details": {"reasoning_tokens": 3},
        }
        body = (
            said("Hi", id="gen-1", provider="DeepInfra", model="served/model")
            + said("", "length")
            + event({"choices": [], "usage": usage})
            + DONE
        )
        assert answer(body) == Completion(
            text="Hi",
            finish=Finish.LENGTH,
            model="served/model",
            provider="DeepInfra",
            generation_id="gen-1",
            usage=Usage(
                prompt_tokens=11,
                completion_tokens=7,
                cached_tokens=5,
                reasoning_tokens=3,
                cost_micros=142,  # 142.5, half to even
                cost_source=CostSource.USAGE,
            ),
        )

    def test_of_a_provider_that_does_not_stream(self) -> None:
        body = {"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}
        assert answer(json.dumps(body, indent=2).encode()).text == "Hi"

    @pytest.mark.parametrize(
        ("reason", "finish"),
        [
            ("stop", Finish.STOP),
            ("STOP", Finish.STOP),
            ("eos", Finish.STOP),
            ("end_turn", Finish.STOP),
            ("length", Finish.LENGTH),
            ("max_tokens", Finish.LENGTH),
            ("model_length", Finish.LENGTH),
        ],
    )
    def test_whatever_the_reason_is_called(self, reason: str, finish: Finish) -> None:
        assert answer(said("Hi", reason)).finish is finish

    def test_needs_no_end_mark(self) -> None:
        assert answer(said("Hi", "stop")).text == "Hi"

    def test_in_parts_of_a_list(self) -> None:
        parts = [{"type": "text", "text": "Hi"}, {"type": "thinking"}, {"text": 7}, "junk"]
        assert answer(said(parts) + STOP).text == "Hi"

    def test_keeps_its_reason_when_later_chunks_have_none(self) -> None:
        assert answer(said("Hi", "stop") + said("", None) + DONE).text == "Hi"


class TestWork:
    def test_a_comment_is_the_connection(self) -> None:
        assert read(b": OPENROUTER PROCESSING\n\n" + HELLO)[0] == Working(is_thinking=False)

    @pytest.mark.parametrize(
        "delta",
        [
            {"content": "", "reasoning": "hm"},
            {"content": None, "reasoning_content": "hm"},
            {"reasoning_details": [{"type": "reasoning.encrypted"}]},
            {"content": [{"type": "thinking", "thinking": []}]},
        ],
    )
    def test_a_thought_is_the_model(self, delta: dict[str, Any]) -> None:
        events = read(event({"choices": [{"delta": delta}]}) + HELLO)
        assert events[0] == Working(is_thinking=True)
        assert shown(events) == "Hello, world!"

    def test_an_empty_chunk_is_nothing(self) -> None:
        chunks = event({"choices": []}) + event({"choices": None}) + event({}) + said(None)
        assert read(chunks + HELLO) == read(HELLO)


class TestNoAnswer:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            # ends without a reason
            (b"", errors.Garbage),
            (DONE, errors.Garbage),
            (b": OPENROUTER PROCESSING\n\n", errors.Garbage),
            (said("Hi"), errors.Broken),
            (said("Hi") + DONE, errors.Broken),
            (said("Hi", ""), errors.Broken),
            (said("  \n"), errors.Garbage),
            # the wrong reason
            (said("Hi", "error"), errors.Broken),
            (said("", "error"), errors.Garbage),
            (said("Hi", "tool_calls"), errors.Broken),
            (said(None, "tool_calls"), errors.Garbage),
            (said("Hi", "content_filter"), errors.Declined),
            (said("", "content_filter"), errors.Declined),
            (event({"choices": [{"delta": {"refusal": "I"}}]}) + STOP, errors.Declined),
            # nothing to see
            (STOP, errors.Garbage),
            (said(None, "stop"), errors.Garbage),
            (said(" \n\t\u200b\u2060\ufeff\u00ad", "stop"), errors.Garbage),
            (said({"text": "Hi"}, "stop"), errors.Garbage),
            # an error somewhere
            (event({"error": {"code": 429, "message": "slow"}}), errors.RateLimited),
            (event({"error": "boom"}), errors.Garbage),
            (event({"choices": [{"error": {"code": 502}}]}), errors.Unavailable),
            (said("Hi") + event({"error": {"code": 502}, "choices": []}), errors.Broken),
            (said("Hi") + said("", "error", error={"code": "server_error"}), errors.Broken),
            (said(" ") + event({"error": {"code": 502}}), errors.Unavailable),
            (said("Hi") + event({"error": {"code": "content_filter"}}), errors.Declined),
            (said("Hi", "stop") + event({"error": {"code": 500}}), errors.Broken),
            # not even that
            (b"<!doctype html><h1>502 Bad Gateway</h1>", errors.Garbage),
            (b"data: {half\n\n", errors.Garbage),
            (said("Hi") + b"data: {half\n\n", errors.Broken),
            (said("Hi") + b'data: "\xff"\n\n', errors.Broken),
            (event([]), errors.Garbage),
            (event(None), errors.Garbage),
            (event("Hi"), errors.Garbage),
            (said("Hi") + event(7), errors.Broken),
            (event({"choices": "many"}), errors.Garbage),
            (event({"choices": ["one"]}), errors.Garbage),
            (event({"choices": [{"delta": "Hi", "finish_reason": "stop"}]}), errors.Garbage),
            (event({"choices": [{"delta": {"content": "Hi"}, "finish_reason": 7}]}), errors.Broken),
            (b'{"error": {"message": "no", "code": 402}}', errors.NoCredit),
            (b'{"choices": []}', errors.Garbage),
            (b'{"choices": null}', errors.Garbage),
        ],
    )
    def test_is_a_typed_failure(self, body: bytes, expected: type[ModelError]) -> None:
        assert type(failure(body)) is expected
        assert type(failure(*[body[i : i + 1] for i in range(len(body))])) is expected

    def test_what_broke_an_answer_is_kept(self) -> None:
        broken = failure(said("Hi") + event({"error": {"code": 429}}))
        assert (broken.http_status, broken.provider_code) == (429, "rate_limited")

    def test_a_model_that_cannot_stop(self) -> None:
        part = said("x" * (MAX_TEXT // 4))
        assert failure(*[part] * 5).provider_code == "endless_text"


class TestText:
    @pytest.mark.parametrize(
        ("chunks", "text"),
        [
            (["a\x00b"], "a\ufffdb"),
            (["a\ud83d", "b"], "a\ufffdb"),
            (["a\ud83d", "\ude00b"], "a😀b"),
            (["a\ud83d"], "a\ufffd"),
            (["\ude00 a"], "\ufffd a"),
            (["a\r", "\nb"], "a\nb"),
            (["a\r", "b\r"], "a\nb\n"),
            (["שלום ", "नमस्ते ", "👩‍👩‍👧"], "שלום नमस्ते 👩‍👩‍👧"),
        ],
    )
    def test_is_storable_and_whole(self, chunks: list[str], text: str) -> None:
        events = read(b"".join(map(said, chunks)) + STOP)
        assert shown(events) == text
        assert answer(b"".join(map(said, chunks)) + STOP).text == text

    @given(st.lists(st.text(st.characters(), max_size=8), max_size=8))
    def test_never_depends_on_where_chunks_end(self, chunks: list[str]) -> None:
        visible = ["!", *chunks]
        whole = "".join(visible).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        events = read(b"".join(map(said, visible)) + STOP)
        assert shown(events) == answer(b"".join(map(said, visible)) + STOP).text == sanitize(whole)

    def test_of_names_is_storable_too(self) -> None:
        completion = answer(said("Hi", "stop", model="m\x00", provider="p\ud800", id="i" * 9999))
        assert completion.model == "m\ufffd"
        assert completion.provider == "p\ufffd"
        assert completion.generation_id == "i" * 200


class TestUsage:
    @pytest.mark.parametrize(
        ("cost", "micros"),
        [
            (0, 0),
            (0.00014, 140),
            ("0.00014", 140),
            (1, 1_000_000),
            (1e-9, 0),
            (12.3456785, 12_345_678),  # half to even
        ],
    )
    def test_money(self, cost: object, micros: int) -> None:
        usage = read_usage({"cost": cost})
        assert (usage.cost_micros, usage.cost_source) == (micros, CostSource.USAGE)

    @pytest.mark.parametrize(
        "cost",
        [
            None,
            True,
            -1,
            "",
            "free",
            [],
            float("nan"),
            float("inf"),
            1e300,
            "1e999999999",
            "9" * 99,
        ],
    )
    def test_no_money(self, cost: object) -> None:
        usage = read_usage({"cost": cost})
        assert (usage.cost_micros, usage.cost_source) == (0, CostSource.NONE)

    @pytest.mark.parametrize(
        ("count", "expected"), [(7, 7), (-7, 0), (2**40, 2**31 - 1), (True, 0), ("7", 0), (None, 0)]
    )
    def test_counts(self, count: object, expected: int) -> None:
        assert read_usage({"prompt_tokens": count}).prompt_tokens == expected

    @pytest.mark.parametrize("details", [None, [], "x", {"cached_tokens": None}])
    def test_details_that_are_none(self, details: object) -> None:
        usage = read_usage({"prompt_tokens_details": details, "completion_tokens_details": details})
        assert (usage.cached_tokens, usage.reasoning_tokens) == (0, 0)


FIELDS = [
    *("choices", "delta", "message", "content", "finish_reason", "error", "code", "usage"),
    *("cost", "prompt_tokens", "model", "reasoning", "refusal", "text", "id"),
]
chunks = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(st.lists(chunks, max_size=5))
def test_any_chunks_are_an_answer_or_a_typed_failure(values: list[object]) -> None:
    try:
        completion = answer(b"".join(map(event, values)))
    except ModelError:
        return
    assert completion.text == sanitize(completion.text)
    assert completion.usage.cost_micros >= 0
