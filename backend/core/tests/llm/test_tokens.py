"""Estimates that are rather too high."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.tokens import estimate_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("abc", 1),
        ("abcd", 2),
        ("привет", 6),  # 12 bytes
        ("你好", 3),  # 6 bytes
        ("🙂", 2),  # 4 bytes
        ("hi 🙂", 3),  # 3 bytes and 4
        ("\ud800", 2),  # half a pair, as 3 bytes
    ],
)
def test_an_estimate(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(first: str, second: str) -> None:
    both = estimate_tokens(first + second)
    assert max(estimate_tokens(first), estimate_tokens(second)) <= both
    assert both <= estimate_tokens(first) + estimate_tokens(second)
