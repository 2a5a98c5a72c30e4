"""What rollups said, and how metrics are made of it. Pure."""

from collections.abc import Iterable

from core.stats.metrics import (
    Metric,
    People,
    PeopleShare,
    Quantile,
    Share,
    Source,
    Sum,
    Total,
)
from core.stats.sketch import quantile

#: whole numbers for sums and people, fractions for ratios and percentiles; None where there is none
Value = int | float | None
Values = dict[str, Value]


class Aggregates:
    """Of one span, or of one value of a dimension."""

    def __init__(self) -> None:
        self.sums: dict[Sum, int] = {}
        self.people: dict[str, int | float] = {}
        #: by stage: bins with their turns
        self.bins: dict[str, list[tuple[int, int]]] = {}

    def values_of(self, metrics: Iterable[Metric]) -> Values:
        return {metric.slug: self._value_of(metric) for metric in metrics}

    def _value_of(self, metric: Metric) -> Value:
        match metric.how:
            case Total(sums):
                return sum(self.sums.get(part, 0) for part in sums)
            case Share(top, bottom):
                return _ratio(self.sums.get(top, 0), self.sums.get(bottom, 0))
            case People(which):
                return int(self.people.get(which, 0))
            case PeopleShare(which):
                part, whole = _PEOPLE_SHARES[which]
                return _ratio(self.people.get(part, 0), self.people.get(whole, 0))
            case Quantile(stage, q):
                return quantile(self.bins.get(stage, ()), q)


_PEOPLE_SHARES: dict[str, tuple[str, str]] = {
    "stickiness": ("daily", "active"),
    "retention": ("returning", "before"),
}


def _ratio(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


def sums_of(metrics: Iterable[Metric]) -> dict[Source, list[Sum]]:
    """The sums that the metrics are made of, by where they come from."""
    found: dict[Source, dict[Sum, None]] = {}
    for metric in metrics:
        match metric.how:
            case Total(sums):
                needed = sums
            case Share(top, bottom):
                needed = (top, bottom)
            case _:
                needed = ()
        for part in needed:
            found.setdefault(part.source, {})[part] = None
    return {source: list(sums) for source, sums in found.items()}


def stages_of(metrics: Iterable[Metric]) -> list[str]:
    """The stages whose bins the metrics are made of."""
    return sorted({metric.how.stage for metric in metrics if isinstance(metric.how, Quantile)})
