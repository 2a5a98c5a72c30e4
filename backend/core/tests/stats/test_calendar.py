"""Windows and buckets: half-open, on UTC hours, in the days of a time zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stats.calendar import (
    DAY,
    HOUR,
    MAX_DAYS,
    Compare,
    Period,
    Size,
    Span,
    Window,
    WrongWindow,
    between,
    buckets,
    last,
    midnight,
    zone_named,
)

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)


def at(day: int, hour: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


class TestPeriods:
    def test_a_day_is_twenty_four_hours_with_the_current_one(self) -> None:
        window = last(Period.DAY, NOW, UTC_ZONE)
        assert window.span == Span(at(20, 8), at(21, 8))
        assert window.previous == Span(at(19, 8), at(20, 8))
        assert (window.size, len(window.buckets())) == (Size.HOUR, 24)

    def test_a_week_is_seven_local_days_with_today(self) -> None:
        window = last(Period.WEEK, NOW, BERLIN)
        assert window.span == Span(at(14, 23), at(21, 23))
        assert (window.size, len(window.buckets())) == (Size.DAY, 7)

    def test_a_month_is_thirty_local_days(self) -> None:
        window = last(Period.MONTH, NOW, BERLIN)
        # the 23rd of October began in summer time
        assert window.span == Span(at(22, 22, month=10), at(21, 23))
        assert len(window.buckets()) == 30

    def test_is_compared_with_as_much_of_the_time_before(self) -> None:
        window = last(Period.WEEK, NOW, UTC_ZONE)
        assert window.previous == Span(at(8), at(14, 8))

    def test_is_compared_with_the_same_weekdays(self) -> None:
        window = last(Period.MONTH, NOW, UTC_ZONE, compare=Compare.WEEKDAY)
        assert window.previous is not None
        assert window.span.start - window.previous.start == 35 * DAY

    def test_is_compared_with_nothing_if_one_likes(self) -> None:
        assert last(Period.WEEK, NOW, UTC_ZONE, compare=Compare.NONE).previous is None


def custom(
    start: date, end: date, *, zone: ZoneInfo = UTC_ZONE, size: Size | None = None
) -> Window:
    return between(start, end, now=NOW, zone=zone, size=size)


class TestWindowsOfOnesOwn:
    def test_take_local_days(self) -> None:
        window = custom(date(2026, 3, 28), date(2026, 3, 30), zone=BERLIN)
        assert window.span == Span(at(27, 23, month=3), at(29, 22, month=3))

    def test_take_moments_with_an_offset(self) -> None:
        start = datetime.fromisoformat("2026-11-01T08:00:00+01:00")
        window = between(start, start + 3 * HOUR, now=NOW, zone=BERLIN)
        assert window.span == Span(at(1, 7), at(1, 10))

    def test_take_moments_without_an_offset_as_local(self) -> None:
        start = datetime(2026, 11, 1, 8)  # noqa: DTZ001 - as a person writes it
        assert between(start, start + HOUR, now=NOW, zone=BERLIN).span.start == at(1, 7)

    @pytest.mark.parametrize(
        ("days", "size"),
        [(1, Size.HOUR), (2, Size.HOUR), (3, Size.DAY), (100, Size.DAY), (101, Size.WEEK)],
    )
    def test_have_fitting_buckets(self, days: int, size: Size) -> None:
        assert custom(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days)).size is size

    @pytest.mark.parametrize(
        ("start", "end", "zone", "code"),
        [
            (date(2026, 1, 2), date(2026, 1, 1), "UTC", "empty_window"),
            (date(2026, 1, 1), date(2026, 1, 1), "UTC", "empty_window"),
            (
                date(2020, 1, 1),
                date(2020, 1, 1) + timedelta(MAX_DAYS + 1),
                "UTC",
                "window_too_long",
            ),
            (date(1, 1, 1), date(2026, 1, 1), "UTC", "date_out_of_range"),
            (date(2026, 1, 1), date(9999, 12, 31), "UTC", "date_out_of_range"),
            (date(2026, 1, 1), date(2026, 1, 2), "Asia/Kolkata", "not_on_the_hour"),
        ],
    )
    def test_are_refused_with_a_sentence(
        self, start: date, end: date, zone: str, code: str
    ) -> None:
        with pytest.raises(WrongWindow) as refused:
            custom(start, end, zone=ZoneInfo(zone))
        assert refused.value.code == code
        assert str(refused.value).endswith(".")

    def test_are_refused_off_the_hour(self) -> None:
        with pytest.raises(WrongWindow, match="hour"):
            between(NOW, NOW + HOUR, now=NOW, zone=UTC_ZONE)

    @pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "x" * 300, "Europe/\0"])
    def test_a_zone_that_does_not_exist(self, name: str) -> None:
        with pytest.raises(WrongWindow, match="no time zone"):
            zone_named(name)


class TestBuckets:
    def test_days_with_an_hour_more_or_less(self) -> None:
        spring = custom(date(2026, 3, 28), date(2026, 3, 31), zone=BERLIN, size=Size.DAY)
        autumn = custom(date(2026, 10, 24), date(2026, 10, 27), zone=BERLIN, size=Size.DAY)
        assert [hours(span) for span in spring.buckets()] == [24, 23, 24]
        assert [hours(span) for span in autumn.buckets()] == [24, 25, 24]

    def test_weeks_begin_on_mondays_and_the_first_may_be_cut(self) -> None:
        window = custom(date(2026, 11, 4), date(2026, 11, 18), size=Size.WEEK)
        assert [span.start for span in window.buckets()] == [at(4), at(9), at(16)]

    def test_months_of_any_length(self) -> None:
        window = custom(date(2026, 1, 15), date(2026, 5, 1), size=Size.MONTH)
        assert [span.start.date() for span in window.buckets()] == [
            date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1),
        ]  # fmt: skip

    def test_too_many(self) -> None:
        with pytest.raises(WrongWindow, match="larger"):
            custom(date(2026, 1, 1), date(2026, 3, 1), size=Size.HOUR).buckets()

    @given(
        start=st.integers(0, 24 * 365),
        length=st.integers(1, 24 * 40),
        size=st.sampled_from(Size),
        zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
    )
    def test_lie_end_to_end_and_fill_the_span(
        self, start: int, length: int, size: Size, zone: str
    ) -> None:
        span = Span(at(1, month=1) + start * HOUR, at(1, month=1) + (start + length) * HOUR)
        parts = buckets(span, size, ZoneInfo(zone))
        assert [parts[0].start, parts[-1].end] == [span.start, span.end]
        assert all(one.end == two.start for one, two in pairwise(parts))
        assert all(part.start < part.end for part in parts)


class TestPieces:
    @given(start=st.integers(0, 200), length=st.integers(1, 400))
    def test_are_whole_days_inside_and_hours_at_the_edges(self, start: int, length: int) -> None:
        span = Span(at(1) + start * HOUR, at(1) + (start + length) * HOUR)
        pieces = list(span.pieces())
        assert sum((piece.end - piece.start for piece in pieces), timedelta()) == length * HOUR
        for piece in pieces:
            if piece.grain == "day":
                assert piece.start.hour == piece.end.hour == 0
            else:
                assert piece.end - piece.start < DAY or length < 48
        assert len([piece for piece in pieces if piece.grain == "day"]) <= 1


def hours(span: Span) -> int:
    return (span.end - span.start) // HOUR


def test_a_midnight_that_clocks_skip() -> None:
    """In Cairo clocks go from 24:00 to 01:00: the day begins an hour later by the clock."""
    start = midnight(date(2026, 4, 24), ZoneInfo("Africa/Cairo"))
    assert start == datetime(2026, 4, 23, 22, tzinfo=UTC)
