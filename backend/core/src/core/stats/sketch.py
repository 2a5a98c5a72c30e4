"""Histograms of durations with bounded relative error, mergeable by addition.

A DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with
relative-error guarantees", VLDB 2019) whose bins are kept as rows. Pure.
"""

import math
from collections.abc import Iterable

#: a quantile read from the bins is off by at most this share of the exact one
RELATIVE_ERROR = 0.02
_GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_LN_GAMMA = math.log(_GAMMA)


def bin_sql(milliseconds: str) -> str:
    """The SQL of the bin of a duration; less than a millisecond counts as one."""
    return f"CAST(ceil(ln(greatest({milliseconds}, 1)) / {_LN_GAMMA!r}) AS smallint)"


def bin_of(milliseconds: float) -> int:
    return math.ceil(math.log(max(milliseconds, 1)) / _LN_GAMMA)


def value_of(bin_number: int) -> float:
    """Milliseconds that stand for the bin: within RELATIVE_ERROR of everything in it."""
    return 2 * _GAMMA**bin_number / (_GAMMA + 1)


def quantile(counts: Iterable[tuple[int, int]], q: float) -> float | None:
    """The nearest-rank quantile of (bin, count) pairs, as `percentile_disc`; None when empty."""
    filled = sorted((number, count) for number, count in counts if count > 0)
    rank = math.ceil(q * sum(count for _, count in filled))
    seen = 0
    for number, count in filled:
        seen += count
        if seen >= rank:
            return value_of(number)
    return None
