"""Bins of durations and the quantiles read from them."""

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.stats.sketch import RELATIVE_ERROR, bin_of, quantile, value_of

DURATIONS = st.integers(1, 10_000_000)


@given(milliseconds=DURATIONS)
def test_a_bin_stands_for_everything_in_it(milliseconds: int) -> None:
    error = abs(value_of(bin_of(milliseconds)) - milliseconds)
    assert error <= RELATIVE_ERROR * milliseconds * (1 + 1e-9)


@given(durations=st.lists(DURATIONS, min_size=1), q=st.sampled_from([0.01, 0.5, 0.95, 0.99, 1.0]))
def test_a_quantile_is_the_nearest_rank_within_the_bound(durations: list[int], q: float) -> None:
    exact = sorted(durations)[math.ceil(q * len(durations)) - 1]
    found = quantile(Counter(map(bin_of, durations)).items(), q)
    assert found is not None
    assert abs(found - exact) <= RELATIVE_ERROR * exact * (1 + 1e-9)


@given(one=st.lists(DURATIONS), two=st.lists(DURATIONS))
def test_histograms_merge_by_addition(one: list[int], two: list[int]) -> None:
    bins = [Counter(map(bin_of, durations)) for durations in (one, two)]
    merged = quantile([*bins[0].items(), *bins[1].items()], 0.95)
    assert merged == quantile(Counter(map(bin_of, one + two)).items(), 0.95)


def test_there_is_no_quantile_of_nothing() -> None:
    assert quantile([], 0.5) is None
    assert quantile([(3, 0), (4, -1)], 0.5) is None


def test_less_than_a_millisecond_counts_as_one() -> None:
    assert bin_of(0) == bin_of(1) == 0
