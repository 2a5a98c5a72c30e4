"""What statistics look like on the wire. Values are described by the metric dictionary."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, with_config
from typing_extensions import TypedDict

from api.pseudonyms import pseudonym
from core.stats.calendar import Size, Span, Window
from core.stats.dialogs import DialogRow
from core.stats.lists import PersonRow, UserRow
from core.stats.metrics import METRICS, Group, Kind, Metric, Unit

Number = int | float | None

_EXAMPLE: dict[str, JsonValue] = {"questions": 412, "active_users": 57, "error_rate": 0.0121}

if TYPE_CHECKING:
    Values = dict[str, Number]
else:
    #: one optional property a metric, with its definition; a dictionary, since there are many
    Values = with_config(
        ConfigDict(
            json_schema_extra={
                "description": "The metrics that were asked for, by slug; null where there is "
                "nothing to divide by.",
                "example": _EXAMPLE,
            }
        )
    )(
        TypedDict(
            "Values",
            {
                slug: Annotated[
                    Number,
                    Field(
                        title=metric.title,
                        description=f"{metric.definition} Unit: {metric.unit}.",
                    ),
                ]
                for slug, metric in METRICS.items()
            },
            total=False,
        )
    )


class WindowBody(BaseModel):
    """Half-open, and on UTC hours."""

    start: datetime
    end: datetime
    #: what it is compared with
    previous_start: datetime | None
    previous_end: datetime | None
    timezone: str
    bucket: Size
    #: when the question was asked: what begins later has not happened yet
    as_of: datetime

    @classmethod
    def of(cls, window: Window) -> "WindowBody":
        previous = window.previous
        return cls(
            start=window.span.start.astimezone(window.zone),
            end=window.span.end.astimezone(window.zone),
            previous_start=previous.start.astimezone(window.zone) if previous else None,
            previous_end=previous.end.astimezone(window.zone) if previous else None,
            timezone=window.zone.key,
            bucket=window.size,
            as_of=window.now,
        )


class Bucket(BaseModel):
    start: datetime
    end: datetime
    #: cut by the window, or not over yet
    is_partial: bool
    values: Values


class Comparison(BaseModel):
    current: Values
    previous: Values | None


class Series(BaseModel):
    window: WindowBody
    total: Comparison
    buckets: list[Bucket]


class SliceBody(BaseModel):
    key: str = Field(examples=["openai/gpt-5-mini"])
    values: Values


class Breakdown(BaseModel):
    window: WindowBody
    by: str
    #: how many keys there are; `slices` holds the largest
    keys: int
    slices: list[SliceBody]


class CohortBody(BaseModel):
    start: datetime
    size: int
    #: people active in each span from the cohort's own on
    active: list[int]


class Retention(BaseModel):
    """By the UTC day, week or month in which people were first seen."""

    start: datetime
    end: datetime
    bucket: Size
    timezone: str = "UTC"
    cohorts: list[CohortBody]


class MetricBody(BaseModel):
    slug: str
    title: str
    unit: Unit
    kind: Kind
    group: Group
    definition: str
    filters: list[str]
    dimensions: list[str]

    @classmethod
    def of(cls, metric: Metric) -> "MetricBody":
        return cls(
            slug=metric.slug,
            title=metric.title,
            unit=metric.unit,
            kind=metric.kind,
            group=metric.group,
            definition=metric.definition,
            filters=sorted(metric.filters),
            dimensions=sorted(metric.dimensions),
        )


class Dictionary(BaseModel):
    metrics: list[MetricBody]


class UserBody(BaseModel):
    id: UUID
    #: made from the id; no name is shown here
    pseudonym: str = Field(examples=["Quiet Otter 4f"])
    bot_id: int
    language: str | None
    first_seen: datetime
    questions: int
    answers: int
    tokens: int
    #: microdollars
    cost: int

    @classmethod
    def of(cls, row: UserRow) -> "UserBody":
        return cls(
            id=row.public_id,
            pseudonym=pseudonym(row.public_id),
            bot_id=row.bot_id,
            language=row.language,
            first_seen=row.first_seen,
            questions=row.questions,
            answers=row.answers,
            tokens=row.tokens,
            cost=row.cost,
        )


class PersonBody(BaseModel):
    """One person in all time."""

    id: UUID
    pseudonym: str = Field(examples=["Quiet Otter 4f"])
    bot_id: int
    language: str | None
    #: the UTC hours of the first question and of the newest
    first_seen: datetime
    last_seen: datetime | None
    questions: int
    answers: int
    tokens: int
    #: microdollars
    cost: int

    @classmethod
    def of(cls, row: PersonRow) -> "PersonBody":
        return cls(
            id=row.public_id,
            pseudonym=pseudonym(row.public_id),
            bot_id=row.bot_id,
            language=row.language,
            first_seen=row.first_seen,
            last_seen=row.last_seen,
            questions=row.questions,
            answers=row.answers,
            tokens=row.tokens,
            cost=row.cost,
        )


class DialogBody(BaseModel):
    """A dialog without its texts.

    In a list it is about its questions of the window that fit the filters; opened, about all.
    """

    id: UUID
    bot_id: int
    user_id: UUID = Field(description="Who asked the newest of these questions.")
    pseudonym: str = Field(examples=["Quiet Otter 4f"])
    chat_kind: str
    created_at: datetime = Field(description="When the dialog began, be it before the window.")
    closed_at: datetime | None
    last_at: datetime = Field(description="When the newest of these questions came.")
    questions: int = Field(description="How many of these questions there are.")
    answers: int = Field(description="To these questions.")
    tokens: int = Field(description="Of these questions and answers.")
    cost: int = Field(description="Of these questions, in microdollars.")
    likes: int = Field(description="Of these answers.")
    dislikes: int = Field(description="Of these answers.")
    outcome: str | None = Field(description="Of the newest of these questions.")
    model: str | None = Field(description="What answered the newest of these questions.")

    @classmethod
    def of(cls, row: DialogRow) -> "DialogBody":
        return cls(
            id=row.id,
            bot_id=row.bot_id,
            user_id=row.public_id,
            pseudonym=pseudonym(row.public_id),
            chat_kind=row.chat_kind,
            created_at=row.created_at,
            closed_at=row.closed_at,
            last_at=row.last_at,
            questions=row.questions,
            answers=row.answers,
            tokens=row.tokens,
            cost=row.cost,
            likes=row.likes,
            dislikes=row.dislikes,
            outcome=row.outcome,
            model=row.model,
        )


class TopUsers(BaseModel):
    #: when this list was made: it may be older than the rest
    as_of: datetime
    users: list[UserBody]


class Overview(BaseModel):
    window: WindowBody
    summary: Comparison
    activity: list[Bucket]
    recent_dialogs: list[DialogBody]
    top_users: TopUsers


def bucket(span: Span, measured: Values, window: Window) -> Bucket:
    return Bucket.model_construct(
        start=span.start.astimezone(window.zone),
        end=span.end.astimezone(window.zone),
        is_partial=_is_partial(span, window),
        values=measured,
    )


def _is_partial(span: Span, window: Window) -> bool:
    widths = {Size.HOUR: 1, Size.DAY: 23, Size.WEEK: 167, Size.MONTH: 28 * 24 - 1}
    hours = (span.end - span.start).total_seconds() / 3600
    return span.end > window.now or hours < widths[window.size]


def comparison(totals: Sequence[Values]) -> Comparison:
    """Of the window, and of the one before if there is one."""
    previous = totals[1] if len(totals) > 1 else None
    return Comparison.model_construct(current=totals[0], previous=previous)
