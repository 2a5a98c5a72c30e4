"""What a call used, and what that costs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum


class CostSource(StrEnum):
    """Where the money of an answer was read."""

    USAGE = "usage"
    ESTIMATED = "estimated"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Token counts as billed. Cached tokens are part of `prompt_tokens`, reasoning tokens part of
    `completion_tokens`.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    #: millionths of a dollar
    cost_micros: int = 0
    cost_source: CostSource = CostSource.NONE


NOTHING = Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Dollars for a million tokens, which are micro-dollars for one."""

    prompt: Decimal
    completion: Decimal
    #: None where a provider takes no less for tokens that it has seen before
    cached: Decimal | None = None
    #: the first day on which it is asked, in UTC
    since: date = date.min


def price_on(day: date, prices: Iterable[Price]) -> Price | None:
    """The one that was asked on a day; None before the first."""
    past = (price for price in prices if price.since <= day)
    return max(past, key=lambda price: price.since, default=None)


def priced(usage: Usage, price: Price | None) -> Usage:
    """With its cost as an estimate, unless the provider told it or no price is known."""
    if price is None or usage.cost_source is CostSource.USAGE:
        return usage
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    cost = (
        price.prompt * (usage.prompt_tokens - cached)
        + (price.prompt if price.cached is None else price.cached) * cached
        + price.completion * usage.completion_tokens
    )
    return replace(
        usage,
        cost_micros=int(cost.to_integral_value(ROUND_HALF_EVEN)),
        cost_source=CostSource.ESTIMATED,
    )
