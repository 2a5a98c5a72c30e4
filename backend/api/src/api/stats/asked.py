"""What a question about statistics may say: a window, a zone, a comparison, filters, metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from api import problems
from api.accounts import errors
from api.dependencies import DatabaseDependency, SettingsDependency
from api.documentation import EDGES, EXAMPLE_ID
from api.problems import Problem
from core.stats import lists
from core.stats.calendar import (
    EARLIEST,
    LATEST,
    MAX_BUCKETS,
    MAX_DAYS,
    Compare,
    Period,
    Size,
    Window,
    WrongWindow,
    between,
    last,
    zone_named,
)
from core.stats.metrics import METRICS, Metric
from core.stats.query import Clock
from core.stats.sources import Filters

MAX_METRICS = 30

#: the dictionary's slugs, for the schema
Slug = StrEnum("Slug", {slug: slug for slug in METRICS})  # type: ignore[misc]

#: what every route that asks about a window may answer instead
WINDOW_DOCUMENTED = errors.merged(
    EDGES,
    errors.READER,
    errors.INVALID,
    problems.documented(
        unknown_timezone_422="There is no time zone 'Mars/Olympus'; use a name such as "
        "Europe/Berlin or UTC.",
        not_on_the_hour_422="Statistics are kept by the UTC hour: `from` and `to` have to fall on "
        "one.",
        two_windows_422="Give either `period` or `from` and `to`.",
        half_a_window_422="`to` is missing: a window needs both ends.",
        wrong_moment_422="`from` is no day such as 2026-11-01 and no moment such as "
        "2026-11-01T08:00:00+01:00.",
        empty_window_422="`from` has to lie before `to`.",
        window_too_long_422=f"A window may span {MAX_DAYS} days at most.",
        date_out_of_range_422=f"`from` has to lie between {EARLIEST} and {LATEST}.",
        too_slow_503="The question took too long to answer. Ask for a shorter period or filter.",
    ),
)
#: and every one that narrows it
DOCUMENTED = errors.merged(
    WINDOW_DOCUMENTED,
    problems.documented(
        user_not_found_404="There is no such person; `user` is an id of /users.",
        wrong_filter_422="active_users cannot be narrowed by model; it can be by bot, user.",
    ),
)
#: and every one that answers by bucket
BUCKETS_DOCUMENTED = errors.merged(
    DOCUMENTED,
    problems.documented(
        too_many_buckets_422=f"That is more than {MAX_BUCKETS} buckets; choose larger ones or a "
        "shorter window.",
    ),
)

_MOMENT = (
    "A local day (2026-11-01, its midnight) or a moment on the hour (2026-11-01T08:00:00+01:00). "
)
From = Annotated[
    str | None,
    Query(alias="from", max_length=40, description=_MOMENT, examples=["2026-11-01"]),
]
To = Annotated[
    str | None,
    Query(
        alias="to",
        max_length=40,
        description=_MOMENT + "Not part of the window any more.",
        examples=["2026-11-08"],
    ),
]
PeriodParameter = Annotated[
    Period | None,
    Query(description="The last 24 hours, 7 or 30 days; `week` unless `from` and `to` are given."),
]
Zone = Annotated[
    str | None,
    Query(
        alias="tz",
        max_length=60,
        description="Whose days and hours; STATS_TIMEZONE unless given.",
        examples=["Europe/Berlin"],
    ),
]
Bot = Annotated[int | None, Query(ge=1, le=2**62, description="A bot's id.", examples=[7000000042])]
CompareParameter = Annotated[
    Compare,
    Query(
        description="With as much of the time just before (`previous`), of the time whole weeks "
        "before (`weekday`), or with nothing."
    ),
]
Metrics = Annotated[
    list[Slug],
    Query(
        alias="metric",
        min_length=1,
        max_length=MAX_METRICS,
        description="Slugs of the dictionary; may be repeated.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The window that was asked about."""

    window: Window

    @property
    def clock(self) -> Clock:
        return Clock(zone=self.window.zone, now=self.window.now)


def the_time(
    settings: SettingsDependency,
    period: PeriodParameter = None,
    start: From = None,
    end: To = None,
    tz: Zone = None,
    compare: CompareParameter = Compare.PREVIOUS,
    bucket: Annotated[
        Size | None, Query(description="Width of the chart's buckets; fitting unless given.")
    ] = None,
) -> Time:
    zone = zone_named(tz or settings.stats_timezone)
    now = datetime.now(UTC)
    if ends := _ends(period, start, end):
        return Time(window=between(*ends, now=now, zone=zone, size=bucket, compare=compare))
    return Time(window=last(period or Period.WEEK, now, zone, size=bucket, compare=compare))


def _ends(
    period: Period | None, start: str | None, end: str | None
) -> tuple[datetime | date, datetime | date] | None:
    if start is None and end is None:
        return None
    if period is not None:
        raise WrongWindow("two_windows", "Give either `period` or `from` and `to`.")
    if start is None or end is None:
        missing = "from" if start is None else "to"
        raise WrongWindow("half_a_window", f"`{missing}` is missing: a window needs both ends.")
    return _moment("from", start), _moment("to", end)


async def the_filters(
    database: DatabaseDependency,
    bot: Bot = None,
    model: Annotated[
        str | None,
        Query(max_length=200, description="As in a breakdown.", examples=["openai/gpt-5-mini"]),
    ] = None,
    language: Annotated[
        str | None,
        Query(max_length=35, description="Its first part, as in a breakdown.", examples=["en"]),
    ] = None,
    user: Annotated[
        UUID | None,
        Query(
            description="The `id` of a person in GET /users.",
            examples=[EXAMPLE_ID],
        ),
    ] = None,
) -> Filters:
    if (model and "\0" in model) or (language and "\0" in language):
        raise Problem(422, "invalid_request", "A filter may not contain NUL.")
    if user is None:
        return Filters(bot=bot, model=model, language=language)
    async with database.read() as session:
        found = await lists.find_user(session, user)
    if found is None or bot not in (None, found[0]):
        raise Problem(404, "user_not_found", "There is no such person; `user` is an id of /users.")
    return Filters(bot=found[0], model=model, language=language, user=found[1])


def chosen(slugs: Sequence[str]) -> list[Metric]:
    """Metrics by their slugs, each once."""
    return [METRICS[slug] for slug in dict.fromkeys(str(slug) for slug in slugs)]


TimeAsked = Annotated[Time, Depends(the_time)]
FiltersAsked = Annotated[Filters, Depends(the_filters)]


def _moment(name: str, given: str) -> datetime | date:
    try:
        return date.fromisoformat(given) if len(given) <= 10 else datetime.fromisoformat(given)  # noqa: PLR2004 - a date's length
    except ValueError:
        raise WrongWindow(
            "wrong_moment",
            f"`{name}` is no day such as 2026-11-01 and no moment such as "
            "2026-11-01T08:00:00+01:00.",
        ) from None
