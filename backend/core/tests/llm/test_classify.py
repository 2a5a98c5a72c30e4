"""What refusals of real providers mean."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm import errors
from core.llm.classify import MAX_RETRY_AFTER, classify, parse_retry_after
from core.llm.errors import ModelError

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def openrouter(code: object, message: str = "No", **more: object) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **more}}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, errors.BadRequest),
        (401, errors.KeyRefused),
        (402, errors.NoCredit),
        (403, errors.KeyRefused),
        (404, errors.Gone),
        (405, errors.Gone),
        (408, errors.Unavailable),
        (409, errors.Unavailable),
        (410, errors.Gone),
        (413, errors.ContextTooLong),
        (418, errors.BadRequest),
        (422, errors.BadRequest),
        (424, errors.Unavailable),
        (425, errors.Unavailable),
        (429, errors.RateLimited),
        (498, errors.RateLimited),
        (499, errors.Unavailable),
        (500, errors.Unavailable),
        (502, errors.Unavailable),
        (503, errors.Unavailable),
        (504, errors.Unavailable),
        (524, errors.Unavailable),
        (529, errors.Unavailable),
        (302, errors.Garbage),
        (200, errors.Garbage),
    ],
)
@pytest.mark.parametrize("body", [None, "", "<html>", {}, [], {"error": None}, {"error": {}}, 7])
def test_a_status_alone(status: int, expected: type[ModelError], body: object) -> None:
    error = classify(status, body)
    assert type(error) is expected
    assert error.http_status == status
    assert error.provider_code is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        # OpenRouter: three places for the word
        (400, openrouter(400, metadata={"error_type": "context_length_exceeded"}), "context"),
        (400, openrouter(400, error_type="string_too_long"), "context"),
        (400, openrouter(400, metadata={"error_type": "token_limit_exceeded"}), "context"),
        (413, openrouter(413, metadata={"error_type": "payload_too_large"}), "context"),
        (400, openrouter(400, metadata={"error_type": "invalid_prompt"}), "bad"),
        (400, openrouter(400, metadata={"error_type": "content_policy_violation"}), "declined"),
        (400, openrouter(400, metadata={"error_type": "refusal"}), "declined"),
        (403, openrouter(403, metadata={"error_type": "permission_denied"}), "key"),
        (
            403,
            openrouter(403, metadata={"reasons": ["violence"], "flagged_input": "…"}),
            "declined",
        ),
        (403, openrouter(403, metadata={"reasons": ["x"], "flagged_input": ""}), "declined"),
        (402, openrouter(402, metadata={"error_type": "payment_required"}), "credit"),
        (429, openrouter(429, metadata={"error_type": "rate_limit_exceeded"}), "rate"),
        (502, openrouter(502, metadata={"error_type": "provider_unavailable"}), "away"),
        (404, openrouter(404, availability={"code": "no_endpoints", "retryable": False}), "gone"),
        (404, openrouter(404, availability={"code": "x", "retryable": True}), "away"),
        (
            503,
            openrouter(503, availability={"code": "free_variant_ended", "retryable": False}),
            "gone",
        ),
        (429, openrouter(429, availability={"code": "capacity", "retryable": True}), "rate"),
        # OpenRouter hands on what the provider behind it said
        (
            400,
            openrouter(
                400,
                "Provider returned error",
                metadata={"raw": '{"error":{"message":"maximum context length is 8192 tokens"}}'},
            ),
            "context",
        ),
        # inside a 200, numbers and words
        (200, openrouter(429), "rate"),
        (200, openrouter("429"), "rate"),
        (200, openrouter(502, "Upstream error"), "away"),
        (200, openrouter("server_error"), "away"),
        (200, openrouter("²²²"), "garbage"),
        (200, openrouter(True), "garbage"),
        (200, openrouter({"deep": [1]}), "garbage"),
        (200, openrouter(None, type="overloaded_error"), "away"),
        (200, openrouter(None, type="invalid_request_error"), "bad"),
        (200, openrouter(None, type="not_found_error"), "gone"),
        (200, {"error": "something broke"}, "garbage"),
        # the connection's status wins over the body's
        (503, openrouter(400), "away"),
        # OpenAI: a general type must not hide what the status says
        (401, openrouter(None, type="invalid_request_error"), "key"),
        (404, openrouter("model_not_found", type="invalid_request_error"), "gone"),
        (429, openrouter("insufficient_quota", type="insufficient_quota"), "credit"),
        (429, openrouter("rate_limit_exceeded", type="tokens"), "rate"),
        (400, openrouter("unsupported_value", type="invalid_request_error"), "bad"),
        (400, openrouter("content_filter"), "declined"),
        # Groq inside a stream
        (200, openrouter("tool_use_failed", type="invalid_request_error", status_code=400), "bad"),
        # Anthropic, Google, llama.cpp, Mistral, Ollama
        (
            400,
            {"type": "error", "error": {"type": "x", "message": "prompt is too long: 9 > 8"}},
            "context",
        ),
        (400, [openrouter(400, "API key not valid. Please pass a valid API key.")], "key"),
        (400, openrouter(400, type="exceed_context_size_error"), "context"),
        (
            400,
            {"object": "error", "message": "too large: maximum context length", "code": "3051"},
            "context",
        ),
        (404, {"error": "model 'x' not found"}, "gone"),
        (400, {"error": "input is longer than the context window"}, "context"),
    ],
)
def test_what_bodies_mean(status: int, body: object, expected: str) -> None:
    classes = {
        "context": errors.ContextTooLong,
        "bad": errors.BadRequest,
        "declined": errors.Declined,
        "key": errors.KeyRefused,
        "credit": errors.NoCredit,
        "rate": errors.RateLimited,
        "away": errors.Unavailable,
        "gone": errors.Gone,
        "garbage": errors.Garbage,
    }
    assert type(classify(status, body)) is classes[expected]


def test_the_official_client_hands_over_the_inner_error() -> None:
    body = openrouter(400, metadata={"error_type": "context_length_exceeded"})
    assert type(classify(400, body["error"])) is errors.ContextTooLong


def test_only_words_are_kept_as_codes() -> None:
    assert classify(400, openrouter("invalid_prompt")).provider_code == "invalid_prompt"
    for text in ("My secret prompt was", "a\x00b", "\ud800", "x" * 61, "<script>", ""):
        assert classify(400, openrouter(text, type=text)).provider_code is None


def test_no_text_of_the_provider_is_shown() -> None:
    error = classify(400, openrouter(400, "Your prompt 'I love Ada' is bad"))
    assert "Ada" not in str(error)
    assert "Ada" not in repr(error)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1),
        ("40", 40),
        ("2.5", 2.5),
        (" 3 ", 3),
        ("3600", 3600),
        ("99999999", MAX_RETRY_AFTER.total_seconds()),
        ("1e400", None),
        ("0", None),
        ("-5", None),
        ("NaN", None),
        ("inf", None),
        ("", None),
        (None, None),
        ("soon", None),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 12:00:30", 30),
        ("Sat, 21 Nov 2026 13:00:30 +0100", 30),
        ("Sat, 21 Nov 2026 11:00:00 GMT", None),
        ("Sat, 21 Nov 9999 12:00:00 GMT", MAX_RETRY_AFTER.total_seconds()),
        ("Sat, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    wait = parse_retry_after(value, now=NOW)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_where_the_wait_is_told() -> None:
    assert classify(429, None, {"retry-after": "7"}).retry_after == timedelta(seconds=7)
    body = openrouter(503, availability={"retryable": True, "retry_after": 9})
    assert classify(503, body).retry_after == timedelta(seconds=9)
    assert classify(503, body, {"retry-after": "7"}).retry_after == timedelta(seconds=7)


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{1,5}.*"))
def test_any_retry_after_is_a_sane_wait(value: str) -> None:
    wait = parse_retry_after(value, now=NOW)
    assert wait is None or timedelta() < wait <= MAX_RETRY_AFTER


PLACES = [
    *("error", "code", "type", "message", "metadata", "availability", "error_type"),
    *("retryable", "retry_after", "raw", "reasons", "status_code"),
]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(PLACES),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from([200, 400, 403, 404, 429, 500]), anything)
def test_any_body_means_something(status: int, body: object) -> None:
    error = classify(status, body)
    assert type(error) is not ModelError
    assert error.http_status is not None


class TestLimitsOfAccounts:
    """OpenRouter tells its own limit by headers that a provider behind it does not have."""

    def test_with_the_headers_the_whole_account_is_meant(self) -> None:
        error = classify(429, {}, {"x-ratelimit-limit": "20", "x-ratelimit-remaining": "0"})
        assert isinstance(error, errors.RateLimited)
        assert error.is_account_wide

    @pytest.mark.parametrize("headers", [{}, {"x-ratelimit-limit-requests": "20"}])
    def test_without_them_one_model_is(self, headers: dict[str, str]) -> None:
        error = classify(429, {}, headers)
        assert isinstance(error, errors.RateLimited)
        assert not error.is_account_wide

    def test_they_tell_until_when_where_nothing_else_does(self) -> None:
        reset = str(int((datetime.now(UTC) + timedelta(seconds=50)).timestamp() * 1000))
        error = classify(429, {}, {"x-ratelimit-reset": reset})
        assert error.retry_after
        assert 45 <= error.retry_after.total_seconds() <= 50
        error = classify(429, {}, {"x-ratelimit-reset": reset, "retry-after": "7"})
        assert error.retry_after == timedelta(seconds=7)

    @pytest.mark.parametrize("reset", ["", "soon", "7", "0000000000000", "9" * 13, "9" * 40])
    def test_what_makes_no_sense_is_not_believed(self, reset: str) -> None:
        error = classify(429, {}, {"x-ratelimit-reset": reset})
        assert error.retry_after is None or error.retry_after <= MAX_RETRY_AFTER
