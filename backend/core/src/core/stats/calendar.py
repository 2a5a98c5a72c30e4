"""Windows, buckets and their pieces: which time a number is about. Pure.

A span is half-open and lies on UTC hours. Rollups exist by UTC day and by hour, so a span is read
as the whole UTC days inside it and the hours at its edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
#: windows lie between these days and are no longer than MAX_DAYS
EARLIEST, LATEST = date(2010, 1, 1), date(2100, 1, 1)
MAX_DAYS = 1100
MAX_BUCKETS = 1000

Grain = Literal["hour", "day"]


class WrongWindow(ValueError):
    """The window cannot be answered; `code` is for programs, the words are for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Period(StrEnum):
    """Windows that end now: 24 hours, 7 days, 30 days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Size(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Compare(StrEnum):
    """With the window just before, or with the one whole weeks before; or with nothing."""

    PREVIOUS = "previous"
    WEEKDAY = "weekday"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where and when a question is asked: days are local, and the current one is not over."""

    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    grain: Grain
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end) in UTC, on whole hours."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        assert floor_hour(self.start) == self.start
        assert floor_hour(self.end) == self.end

    @property
    def whole_days(self) -> tuple[datetime, datetime]:
        """The first UTC day that begins inside, and the end of the last that ends inside."""
        first = floor_day(self.start)
        first = first if first == self.start else first + DAY
        last = floor_day(self.end)
        return (first, last) if first < last else (self.end, self.end)

    def pieces(self) -> Iterator[Piece]:
        first, last = self.whole_days
        if self.start < first:
            yield Piece("hour", self.start, first)
        if first < last:
            yield Piece("day", first, last)
        if last < self.end:
            yield Piece("hour", last, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked about, and what it is compared with."""

    span: Span
    previous: Span | None
    size: Size
    zone: ZoneInfo
    now: datetime

    def buckets(self) -> tuple[Span, ...]:
        return buckets(self.span, self.size, self.zone)


def zone_named(name: str) -> ZoneInfo:
    if name not in _zones():
        raise WrongWindow(
            "unknown_timezone",
            f"There is no time zone {name[:60]!r}; use a name such as Europe/Berlin or UTC.",
        )
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    """Those that PostgreSQL knows too; it leaves the machine's own one out."""
    return frozenset(available_timezones() - {"localtime"})


def last(
    period: Period,
    now: datetime,
    zone: ZoneInfo,
    *,
    size: Size | None = None,
    compare: Compare = Compare.PREVIOUS,
) -> Window:
    """The window of a period that ends with the current hour or local day."""
    if period is Period.DAY:
        end = floor_hour(now) + HOUR
        span, days = _span(end - DAY, end), 1
    else:
        days = 7 if period is Period.WEEK else 30
        today = now.astimezone(zone).date()
        span = _span(midnight(today - timedelta(days=days - 1), zone), midnight(today + DAY, zone))
    previous = _previous(span, now, zone, days, compare)
    return Window(span=span, previous=previous, size=size or _fitting(days), zone=zone, now=now)


def between(
    start: datetime | date,
    end: datetime | date,
    *,
    now: datetime,
    zone: ZoneInfo,
    size: Size | None = None,
    compare: Compare = Compare.PREVIOUS,
) -> Window:
    """The window from `start` up to, not including, `end`: local days, or moments on the hour."""
    span = _span(_moment("from", start, zone), _moment("to", end, zone))
    if span.start >= span.end:
        raise WrongWindow("empty_window", "`from` has to lie before `to`.")
    if span.end - span.start > MAX_DAYS * DAY:
        raise WrongWindow("window_too_long", f"A window may span {MAX_DAYS} days at most.")
    days = max(1, -(-(_wall(span.end, zone) - _wall(span.start, zone)) // DAY))
    previous = _previous(span, now, zone, days, compare)
    return Window(span=span, previous=previous, size=size or _fitting(days), zone=zone, now=now)


def buckets(span: Span, size: Size, zone: ZoneInfo) -> tuple[Span, ...]:
    """The span cut at the local starts of hours, days, weeks (Monday) or months."""
    starts = [span.start]
    for boundary in _boundaries(span, size, zone):
        if len(starts) >= MAX_BUCKETS:
            raise WrongWindow(
                "too_many_buckets",
                f"That is more than {MAX_BUCKETS} buckets; choose larger ones or a shorter window.",
            )
        starts.append(boundary)
    return tuple(
        Span(start, end) for start, end in zip(starts, [*starts[1:], span.end], strict=True)
    )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The start of a local day, in UTC; where clocks skip midnight, the first moment after it."""
    if isinstance(day, datetime):
        day = day.date()
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def floor_hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def floor_day(moment: datetime) -> datetime:
    return floor_hour(moment).replace(hour=0)


def _span(start: datetime, end: datetime) -> Span:
    for moment in (start, end):
        if floor_hour(moment) != moment:
            raise WrongWindow(
                "not_on_the_hour",
                "Statistics are kept by the UTC hour: `from` and `to` have to fall on one, and "
                "time zones with half or quarter hours cannot be used. Take tz=UTC or a "
                "neighbouring zone.",
            )
    return Span(start, end)


def _moment(name: str, given: datetime | date, zone: ZoneInfo) -> datetime:
    day = given.date() if isinstance(given, datetime) else given
    if not EARLIEST <= day <= LATEST:
        raise WrongWindow(
            "date_out_of_range", f"`{name}` has to lie between {EARLIEST} and {LATEST}."
        )
    if not isinstance(given, datetime):
        return midnight(given, zone)
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)


def _previous(
    span: Span, now: datetime, zone: ZoneInfo, days: int, compare: Compare
) -> Span | None:
    """As much of the window before as has passed of this one, so that like meets like."""
    if compare is Compare.NONE:
        return None
    shift = days if compare is Compare.PREVIOUS else -(-days // 7) * 7
    end = min(span.end, max(floor_hour(now) + HOUR, span.start + HOUR))
    start = _days_earlier(span.start, shift, zone)
    return Span(start, max(_days_earlier(end, shift, zone), start + HOUR))


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks show: by them a day of 25 hours is one day."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _days_earlier(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same local time, days before."""
    return floor_hour(moment.astimezone(zone) - timedelta(days=days))


def _fitting(days: int) -> Size:
    if days <= 2:  # noqa: PLR2004 - two days of hours still read well
        return Size.HOUR
    return Size.DAY if days <= 100 else Size.WEEK  # noqa: PLR2004 - a quarter of days, too


def _boundaries(span: Span, size: Size, zone: ZoneInfo) -> Iterator[datetime]:
    """Local bucket starts strictly inside the span."""
    if size is Size.HOUR:
        moment = span.start + HOUR
        while moment < span.end:
            yield moment
            moment += HOUR
        return
    day, latest = _bucket_start(span.start.astimezone(zone).date(), size), span.start
    while True:
        day = _bucket_start(day + timedelta(days={"day": 1, "week": 7, "month": 31}[size]), size)
        moment = _span_start(day, zone)
        if moment >= span.end:
            return
        if moment > latest:  # a day that a zone leaves out begins with the next
            yield (latest := moment)


def _bucket_start(day: date, size: Size) -> date:
    match size:
        case Size.WEEK:
            return day - timedelta(days=day.weekday())
        case Size.MONTH:
            return day.replace(day=1)
        case _:
            return day


def _span_start(day: date, zone: ZoneInfo) -> datetime:
    start = midnight(day, zone)
    return _span(start, start).start
