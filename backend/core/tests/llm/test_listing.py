"""What providers tell about their models."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.listing import Listed, find, read_listing
from core.llm.usage import Price


def listed(**model: Any) -> Listed:
    return read_listing({"data": [{"id": "m", **model}]})["m"]


@pytest.mark.parametrize(
    ("model", "window"),
    [
        ({"context_length": 32_000}, 32_000),
        ({"context_window": 131_072}, 131_072),
        ({"max_model_len": 8192}, 8192),
        ({"context_length": None, "max_model_len": 8192}, 8192),
        ({"context_length": -1}, None),
        ({"context_length": "many"}, None),
        ({}, None),
    ],
)
def test_windows(model: dict[str, Any], window: int | None) -> None:
    assert listed(**model).window == window


def test_prices_are_for_one_token_in_dollars() -> None:
    pricing = {"prompt": "0.00000025", "completion": "0.000002", "input_cache_read": "2.5e-8"}
    assert listed(pricing=pricing).price == Price(
        prompt=Decimal("0.25"), completion=Decimal(2), cached=Decimal("0.025")
    )


@pytest.mark.parametrize(
    "pricing",
    [
        None,
        {},
        {"prompt": "-1", "completion": "-1"},  # OpenRouter's own router: it depends
        {"prompt": "free", "completion": "0"},
        {"prompt": "NaN", "completion": "0"},
        {"prompt": True, "completion": "0"},
        {"prompt": "0.1"},
    ],
)
def test_what_is_no_price(pricing: Any) -> None:
    assert listed(pricing=pricing).price is None


@pytest.mark.parametrize(
    ("architecture", "sees"),
    [
        ({"input_modalities": ["text", "image"]}, True),
        ({"input_modalities": ["text"]}, False),
        ({"input_modalities": "image"}, None),
        (None, None),
    ],
)
def test_sight(architecture: Any, *, sees: bool | None) -> None:
    assert listed(architecture=architecture).sees_images is sees


def test_a_variant_is_listed_under_its_model() -> None:
    listing = read_listing({"data": [{"id": "a/b"}, {"id": "a/b:free", "context_length": 9}]})
    assert find("a/b:nitro", listing) == listing["a/b"]
    assert find("a/b:free", listing) == listing["a/b:free"]
    assert find("c/d", listing) is None


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "id", "pricing", "prompt", "completion", "architecture"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(json)
def test_any_document_is_read(document: Any) -> None:
    assert isinstance(read_listing(document), dict)
    assert isinstance(read_listing({"data": [{"id": "m", "pricing": document}]}), dict)
