"""The counts of people that metrics are made of: active, new, returning, resurrected, daily."""

from collections.abc import Iterable, Mapping, Sequence

from core.db.session import ReadSession
from core.stats import people
from core.stats.calendar import Clock, Size, Span, buckets
from core.stats.metrics import Metric, People, PeopleShare
from core.stats.people import Seen
from core.stats.sources import Filters

#: the metrics that are asked of a span
Asked = tuple[Span, Sequence[Metric]]
Counts = dict[str, int | float]


def is_of_people(metric: Metric) -> bool:
    return isinstance(metric.how, People | PeopleShare)


async def count(
    session: ReadSession, asked: Sequence[Asked], filters: Filters, clock: Clock
) -> list[Counts]:
    """What the metrics of people need to know about each span; nothing where none is asked."""
    parts = [_seen(span, metrics, clock) for span, metrics in asked]
    questions = dict.fromkeys(seen for one in parts for listed in one.values() for seen in listed)
    counted = await people.count(session, list(questions), filters)
    return [_counts(one, counted) for one in parts]


def _seen(span: Span, metrics: Iterable[Metric], clock: Clock) -> dict[str, list[Seen]]:
    """The people whom the span's metrics are about."""
    wanted = {m.how.which for m in metrics if isinstance(m.how, People | PeopleShare)}
    earlier = people.before(span)
    parts: dict[str, list[Seen]] = {"active": [people.active(span)]} if wanted else {}
    if wanted & {"new", "resurrected"}:
        parts["new"] = [people.new(span)]
    if wanted & {"returning", "resurrected", "retention"}:
        parts["not_before"] = [Seen(span, earlier.start)]
    if "retention" in wanted:
        parts["before"] = [people.active(earlier)]
    if "stickiness" in wanted:
        days = buckets(span, Size.DAY, clock.zone)
        parts["daily"] = [people.active(day) for day in days if day.start < clock.now]
    return parts


def _counts(parts: Mapping[str, list[Seen]], counted: Mapping[Seen, int]) -> Counts:
    numbers: Counts = {
        name: sum(counted[seen] for seen in listed) for name, listed in parts.items()
    }
    if "daily" in parts:
        numbers["daily"] /= max(1, len(parts["daily"]))
    if "not_before" in parts:
        numbers["returning"] = numbers["active"] - numbers["not_before"]
        numbers["resurrected"] = numbers["not_before"] - numbers.get("new", 0)
    return numbers
