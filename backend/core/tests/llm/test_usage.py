"""What tokens cost, and since when."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.usage import CostSource, Price, Usage, price_on, priced

MAY = Price(since=date(2026, 5, 1), prompt=Decimal(3), completion=Decimal(15))
JULY = Price(
    since=date(2026, 7, 1), prompt=Decimal(2), completion=Decimal(10), cached=Decimal("0.2")
)


@pytest.mark.parametrize(
    ("day", "price"),
    [
        (date(2026, 4, 30), None),
        (date(2026, 5, 1), MAY),
        (date(2026, 6, 30), MAY),
        (date(2026, 7, 1), JULY),
        (date(2030, 1, 1), JULY),
    ],
)
def test_a_price_counts_from_its_day_on(day: date, price: Price | None) -> None:
    assert price_on(day, [JULY, MAY]) == price


@pytest.mark.parametrize(
    ("price", "micros"),
    [
        (MAY, 1000 * 3 + 200 * 15),
        (JULY, 400 * 2 + 200 * 10 + 120),  # 600 cached at 0.2 are 120
        (Price(prompt=Decimal("0.0005"), completion=Decimal(0)), 0),  # half rounds to the even
        (Price(prompt=Decimal("0.0015"), completion=Decimal(0)), 2),
    ],
)
def test_cached_tokens_are_part_of_the_prompt(price: Price, micros: int) -> None:
    usage = Usage(prompt_tokens=1000, cached_tokens=600, completion_tokens=200)
    estimated = priced(usage, price)
    assert (estimated.cost_micros, estimated.cost_source) == (micros, CostSource.ESTIMATED)


def test_what_the_provider_took_counts() -> None:
    told = Usage(prompt_tokens=1000, cost_micros=7, cost_source=CostSource.USAGE)
    assert priced(told, MAY) == told


def test_without_a_price_nothing_is_known() -> None:
    assert priced(Usage(prompt_tokens=5), None).cost_source is CostSource.NONE


counts = st.integers(0, 10**9)


@given(counts, counts, counts)
def test_a_cost_is_never_negative_and_more_tokens_never_cost_less(
    prompt: int, cached: int, completion: int
) -> None:
    usage = Usage(prompt_tokens=prompt, cached_tokens=cached, completion_tokens=completion)
    cost = priced(usage, JULY).cost_micros
    assert cost >= 0
    assert cost <= priced(replace(usage, prompt_tokens=prompt + 10), JULY).cost_micros
    assert cost <= priced(replace(usage, completion_tokens=completion + 10), JULY).cost_micros


def test_days_do_not_depend_on_the_order_of_the_list() -> None:
    for day in (MAY.since + timedelta(days=n) for n in (-1, 0, 61, 90)):
        assert price_on(day, [MAY, JULY]) == price_on(day, [JULY, MAY])
