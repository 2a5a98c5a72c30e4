"""GET /stats and its relatives: numbers, for whoever has signed in."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from api import problems
from api.accounts import errors
from api.accounts.current import Reader
from api.dependencies import DatabaseDependency
from api.documentation import EDGES
from api.problems import Problem
from api.stats import asked, overview, shapes
from api.stats.asked import Bot, FiltersAsked, Metrics, TimeAsked, chosen
from core.stats import people
from core.stats.calendar import DAY, Size, Span, buckets, floor_day, zone_named
from core.stats.metrics import METRICS
from core.stats.query import Question, measure_each
from core.stats.query import breakdown as measure_by
from core.stats.sources import Filters

router = APIRouter(prefix="/stats", tags=["statistics"])

Dimension = Literal[
    "bot", "model", "provider", "outcome", "language", "kind", "error", "hour_of_week"
]
By = Annotated[
    Dimension,
    Query(description="`hour_of_week` has keys such as 1-09: Mondays, from nine to ten."),
]
#: retention is a square of this many spans
_MAX_COHORTS = 60


@router.get(
    "",
    summary="Everything at a glance",
    response_model=shapes.Overview,
    responses=asked.BUCKETS_DOCUMENTED,
)
async def stats(
    _: Reader,
    database: DatabaseDependency,
    tops: overview.TopUsersDependency,
    time: TimeAsked,
    filters: FiltersAsked,
) -> shapes.Overview:
    """Summary with comparison, activity by bucket, newest dialogs and the most active people.

    All but `top_users` are of one moment of the database, so that the sum of `activity` is the
    summary. Metrics that the filters do not fit are left out.
    """
    return await overview.make(database, tops, time.window, filters)


@router.get(
    "/metrics", summary="The metric dictionary", responses=errors.merged(EDGES, errors.READER)
)
async def metrics(_: Reader) -> shapes.Dictionary:
    """What each number means, its unit, and what it can be narrowed to and broken down by."""
    return shapes.Dictionary(metrics=[shapes.MetricBody.of(one) for one in METRICS.values()])


@router.get(
    "/series",
    summary="Metrics by bucket of time",
    response_model=shapes.Series,
    responses=asked.BUCKETS_DOCUMENTED,
)
async def series(
    _: Reader,
    database: DatabaseDependency,
    metric: Metrics,
    time: TimeAsked,
    filters: FiltersAsked,
) -> shapes.Series:
    """A chart's buckets with its total, and that of the window it is compared with."""
    window, metrics = time.window, chosen(metric)
    spans = window.buckets()
    wholes = [window.span, *([window.previous] if window.previous else [])]
    async with database.snapshot() as session:
        totals, measured = await measure_each(
            session, [Question(metrics, wholes), Question(metrics, spans)], filters, time.clock
        )
    return shapes.Series.model_construct(
        window=shapes.WindowBody.of(window),
        total=shapes.comparison(totals),
        buckets=[
            shapes.bucket(span, found, window) for span, found in zip(spans, measured, strict=True)
        ],
    )


@router.get(
    "/breakdown",
    summary="Metrics by a dimension",
    response_model=shapes.Breakdown,
    responses=asked.DOCUMENTED,
)
async def breakdown(
    _: Reader,
    database: DatabaseDependency,
    metric: Metrics,
    time: TimeAsked,
    filters: FiltersAsked,
    by: By,
    limit: Annotated[int, Query(ge=1, le=500, description="slices, the largest first")] = 50,
) -> shapes.Breakdown:
    """The largest first, by the first metric. An empty key stands for "none"."""
    async with database.snapshot() as session:
        found = await measure_by(
            session, chosen(metric), time.window.span, by=by, filters=filters, clock=time.clock
        )
    return shapes.Breakdown.model_construct(
        window=shapes.WindowBody.of(time.window),
        by=by,
        keys=len(found),
        slices=[
            shapes.SliceBody.model_construct(key=one.key, values=one.values)
            for one in found[:limit]
        ],
    )


@router.get(
    "/retention",
    summary="Retention cohorts",
    responses=errors.merged(
        asked.WINDOW_DOCUMENTED,
        problems.documented(
            too_many_cohorts_422="A square of cohorts has 60 spans at most; choose larger buckets."
        ),
    ),
)
async def retention(
    _: Reader,
    database: DatabaseDependency,
    time: TimeAsked,
    bot: Bot = None,
) -> shapes.Retention:
    """Of the people first seen in each span, how many came in each later one.

    Counted by whole UTC days, weeks or months, whichever zone is asked for: the window is widened
    to whole UTC days.
    """
    window = time.window
    size = window.size if window.size is not Size.HOUR else Size.DAY
    zone = zone_named("UTC")
    span = Span(floor_day(window.span.start), floor_day(window.span.end - DAY / 24) + DAY)
    spans = buckets(span, size, zone)
    if len(spans) > _MAX_COHORTS:
        raise Problem(
            422,
            "too_many_cohorts",
            f"A square of cohorts has {_MAX_COHORTS} spans at most; choose larger buckets.",
        )
    async with database.snapshot() as session:
        cohorts = await people.cohorts(session, spans, Filters(bot=bot))
    return shapes.Retention(
        start=span.start,
        end=span.end,
        bucket=size,
        cohorts=[
            shapes.CohortBody(start=one.start, size=one.size, active=list(one.active))
            for one in cohorts
        ],
    )
