"""How busy each hour of the history is: weekdays, afternoons, and whatever hour it is now."""

import random
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
#: UTC
_OF_DAY = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 12, 13, 13, 12, 11, 10, 9, 8, 7, 5, 3)
_WEEKEND, _SATURDAY = 0.45, 5
_OF_WEEK = (5 + 2 * _WEEKEND) * sum(_OF_DAY)
#: these newest hours are no quieter than this, so that whoever looks sees somebody, at night too
_LATEST, _LEAST = 2, 9.0
#: in which an answer to the newest question is ready and delivered
_END = timedelta(minutes=3)
#: how many people join in the end for each one in the beginning; at first, as many come at once
_GROWTH, _FIRST = 3.0, timedelta(days=3)


class Rhythm:
    def __init__(self, start: datetime, now: datetime) -> None:
        self._start, self._end = start, now - _END
        self._hours = [start + _HOUR * number for number in range((now - start) // _HOUR + 1)]
        self._weights = [_weight(hour) for hour in self._hours]
        for number in range(-_LATEST, 0):
            self._weights[number] = max(_LEAST, self._weights[number])

    def arrivals(self, chance: random.Random, count: int) -> list[datetime]:
        """When so many people join: more and more of them."""
        weights = [
            weight * self._rising(hour)
            for hour, weight in zip(self._hours, self._weights, strict=True)
        ]
        return self._draw(chance, self._hours, weights, count)

    def visits(
        self, chance: random.Random, a_week: float, since: datetime, until: datetime
    ) -> list[datetime]:
        """So many of each week from the hour after one moment to that of another."""
        first, last = ((moment - self._start) // _HOUR for moment in (since, until))
        some = slice(first + 1, last + 1)
        weights = self._weights[some]
        count = round(a_week * sum(weights) / _OF_WEEK)
        return self._draw(chance, self._hours[some], weights, count)

    def is_past(self, moment: datetime) -> bool:
        return moment < self._end

    def _rising(self, hour: datetime) -> float:
        since = hour - self._start
        if since < _FIRST:
            return _GROWTH
        return 1.0 + (_GROWTH - 1.0) * (since / (self._end - self._start))

    def _draw(
        self, chance: random.Random, hours: list[datetime], weights: list[float], count: int
    ) -> list[datetime]:
        """In order; those are left out that are not past."""
        drawn = chance.choices(hours, weights, k=count) if hours else []
        moments = [hour + timedelta(seconds=chance.uniform(0, 3599)) for hour in drawn]
        return sorted(moment for moment in moments if self.is_past(moment))


def _weight(hour: datetime) -> float:
    weekend = _WEEKEND if hour.weekday() >= _SATURDAY else 1.0
    return _OF_DAY[hour.hour] * weekend
