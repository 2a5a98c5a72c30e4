"""The metric dictionary: every number that Parley shows, what it means and how it is made. Pure.

The API's schema, the headers of CSV files, docs/metrics.md, the dashboard's labels and `/usage`
come from here. Ratios are made from sums, never from other ratios.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.stats.measures import STAGES
from core.stats.sketch import RELATIVE_ERROR


class Unit(StrEnum):
    COUNT = "count"
    #: UTF-16 units, as Telegram counts
    CHARACTERS = "characters"
    TOKENS = "tokens"
    #: millionths of a US dollar
    MICRODOLLARS = "microdollars"
    MILLISECONDS = "milliseconds"
    #: 0 to 1
    SHARE = "share"


class Kind(StrEnum):
    ADDITIVE = "additive"
    RATIO = "ratio"
    DISTINCT = "distinct"
    PERCENTILE = "percentile"


class Group(StrEnum):
    VOLUME = "volume"
    PEOPLE = "people"
    COST = "cost"
    RELIABILITY = "reliability"
    DELIVERY = "delivery"
    QUALITY = "quality"
    LATENCY = "latency"


class Source(StrEnum):
    """Where the rows of a number come from; see core.stats.sources."""

    TURNS = "turns"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of a column, over the rows that fulfil a condition."""

    column: str
    where: str = ""
    source: Source = Source.TURNS

    @property
    def sql(self) -> str:
        condition = f" FILTER (WHERE {self.where})" if self.where else ""
        return f"coalesce(sum({self.column}){condition}, 0)"


@dataclass(frozen=True, slots=True)
class Total:
    """Sums added up."""

    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One sum divided by another; nothing where the divisor is nothing."""

    top: Sum
    bottom: Sum


@dataclass(frozen=True, slots=True)
class People:
    """People counted once each, by when they were active before the span.

    `before` is of the same length as the span and ends where it begins; `kept` are those of it who
    came back.
    """

    which: Literal["active", "new", "returning", "resurrected"]


@dataclass(frozen=True, slots=True)
class PeopleShare:
    #: stickiness: mean daily / active; retention: returning / active in the span before
    which: Literal["stickiness", "retention"]


@dataclass(frozen=True, slots=True)
class Quantile:
    stage: str
    q: float


How = Total | Share | People | PeopleShare | Quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    slug: str
    title: str
    unit: Unit
    group: Group
    definition: str
    how: How

    @property
    def kind(self) -> Kind:
        match self.how:
            case Total():
                return Kind.ADDITIVE
            case Share() | PeopleShare():
                return Kind.RATIO
            case People():
                return Kind.DISTINCT
            case Quantile():
                return Kind.PERCENTILE

    @property
    def dimensions(self) -> frozenset[str]:
        """What it can be broken down by."""
        match self.how:
            case Total(sums=(first, *_)) | Share(top=first):
                return _OF_CALLS if first.source is Source.CALLS else _OF_TURNS
            case Quantile():
                return frozenset({"bot", "model", "hour_of_week"})
            case _:
                return frozenset({"bot"})

    @property
    def filters(self) -> frozenset[str]:
        """What it can be narrowed to."""
        match self.how:
            case Total(sums=(first, *_)) | Share(top=first):
                is_of_calls = first.source is Source.CALLS
                return frozenset(
                    {"bot", "model", "user"} | (set() if is_of_calls else {"language"})
                )
            case Quantile():
                return frozenset({"bot", "model", "user"})
            case _:
                return frozenset({"bot", "user"})


_OF_TURNS = frozenset(
    {"bot", "model", "provider", "outcome", "language", "kind", "error", "hour_of_week"}
)
_OF_CALLS = frozenset({"bot", "model", "outcome", "error", "hour_of_week"})

_QUESTIONS = Sum("questions")
_ANSWERS = Sum("answers")
_ASKED = Sum("asked")
_COST = Sum("cost_micros")
_CALLS = Sum("calls", source=Source.CALLS)
_FAILED_CALLS = Sum("calls", "outcome IN ('failed', 'orphaned')", Source.CALLS)


def _ended(outcome: str) -> Sum:
    return Sum("questions", f"outcome = '{outcome}'")


def _count(
    slug: str, title: str, group: Group, definition: str, *sums: Sum, unit: Unit = Unit.COUNT
) -> Metric:
    return Metric(
        slug=slug, title=title, unit=unit, group=group, definition=definition, how=Total(sums)
    )


def _share(
    slug: str,
    title: str,
    group: Group,
    definition: str,
    top: Sum,
    bottom: Sum,
    unit: Unit = Unit.SHARE,
) -> Metric:
    return Metric(
        slug=slug,
        title=title,
        unit=unit,
        group=group,
        definition=definition,
        how=Share(top, bottom),
    )


def _people(slug: str, title: str, definition: str, how: People | PeopleShare) -> Metric:
    return Metric(
        slug=slug,
        title=title,
        unit=Unit.SHARE if isinstance(how, PeopleShare) else Unit.COUNT,
        group=Group.PEOPLE,
        definition=definition,
        how=how,
    )


_VOLUME = (
    _count(
        "messages",
        "Messages",
        Group.VOLUME,
        "Questions and answers together.",
        _QUESTIONS,
        _ANSWERS,
    ),
    _count(
        "questions",
        "Questions",
        Group.VOLUME,
        "Messages to the bot that wanted an answer and whose turn has been concluded, with "
        "whatever outcome. All facts of a turn belong to the hour in which its question came.",
        _QUESTIONS,
    ),
    _count(
        "answers",
        "Answers",
        Group.VOLUME,
        "Questions that got text of a model, whole or in part; sentences of the product's own do "
        "not count.",
        _ANSWERS,
    ),
    _count(
        "dialogs",
        "New dialogs",
        Group.VOLUME,
        "Dialogs that began: with the first question of a chat or the first after /new.",
        Sum("dialogs"),
    ),
    _share(
        "question_length",
        "Question length",
        Group.VOLUME,
        "Mean length of the questions as first sent.",
        Sum("question_units"),
        _QUESTIONS,
        Unit.CHARACTERS,
    ),
    _share(
        "answer_length",
        "Answer length",
        Group.VOLUME,
        "Mean length of the answers.",
        Sum("answer_units"),
        _ANSWERS,
        Unit.CHARACTERS,
    ),
)

_PEOPLE = (
    _people(
        "active_users",
        "Active users",
        "People who asked at least one question, each counted once. Someone who writes to two bots "
        "is two people.",
        People("active"),
    ),
    _people(
        "new_users",
        "New users",
        "Active people who had never asked before the window.",
        People("new"),
    ),
    _people(
        "returning_users",
        "Returning users",
        "Active people who had also been active in the span of equal length just before.",
        People("returning"),
    ),
    _people(
        "resurrected_users",
        "Resurrected users",
        "Active people who had been active before, but not in the span of equal length just "
        "before.",
        People("resurrected"),
    ),
    _people(
        "stickiness",
        "Stickiness",
        "Mean number of people active on a day of the window, divided by the people active in the "
        "whole window. Over a month this is DAU/MAU.",
        PeopleShare("stickiness"),
    ),
    _people(
        "retention",
        "Retention",
        "Of the people active in the span of equal length just before, the share that came back.",
        PeopleShare("retention"),
    ),
)

_COSTS = (
    _count(
        "tokens",
        "Tokens",
        Group.COST,
        "Prompt and completion tokens of the calls that gave the answers.",
        Sum("prompt_tokens"),
        Sum("completion_tokens"),
        unit=Unit.TOKENS,
    ),
    _count(
        "prompt_tokens",
        "Prompt tokens",
        Group.COST,
        "Tokens sent to models, cached ones included.",
        Sum("prompt_tokens"),
        unit=Unit.TOKENS,
    ),
    _count(
        "completion_tokens",
        "Completion tokens",
        Group.COST,
        "Tokens written by models, reasoning included.",
        Sum("completion_tokens"),
        unit=Unit.TOKENS,
    ),
    _count(
        "cached_tokens",
        "Cached tokens",
        Group.COST,
        "Prompt tokens that the provider had kept and charges less for.",
        Sum("cached_tokens"),
        unit=Unit.TOKENS,
    ),
    _count(
        "reasoning_tokens",
        "Reasoning tokens",
        Group.COST,
        "Completion tokens that people do not see.",
        Sum("reasoning_tokens"),
        unit=Unit.TOKENS,
    ),
    _count(
        "cost",
        "Cost",
        Group.COST,
        "What the calls cost, those that gave no answer included.",
        _COST,
        unit=Unit.MICRODOLLARS,
    ),
    _share(
        "cost_per_answer",
        "Cost per answer",
        Group.COST,
        "Cost divided by answers.",
        _COST,
        _ANSWERS,
        Unit.MICRODOLLARS,
    ),
    _share(
        "estimated_cost_share",
        "Estimated share of cost",
        Group.COST,
        "Share of the cost that was worked out from list prices because the provider stated none.",
        Sum("estimated_micros"),
        _COST,
    ),
)

_RELIABILITY = (
    _share(
        "fallback_rate",
        "Fallback rate",
        Group.RELIABILITY,
        "Share of the questions put to a model that needed another call or another model.",
        Sum("fallbacks"),
        _ASKED,
    ),
    _count(
        "saved_answers",
        "Answers saved by fallback",
        Group.RELIABILITY,
        "Answers that the first call, or the first model, would not have given.",
        Sum("saved"),
    ),
    _count(
        "fallback_cost",
        "Extra cost of fallback",
        Group.RELIABILITY,
        "What calls cost that gave no answer, where another call was made.",
        Sum("fallback_micros"),
        unit=Unit.MICRODOLLARS,
    ),
    _count(
        "fallback_time",
        "Time lost before switching",
        Group.RELIABILITY,
        "Time until the last failed call ended, where another call was made.",
        Sum("fallback_ms"),
        unit=Unit.MILLISECONDS,
    ),
    _count(
        "failed",
        "Failed",
        Group.RELIABILITY,
        "Questions whose person was told that no answer could be given. Broken down by error this "
        "is the errors by class.",
        _ended("failed_told"),
    ),
    _share(
        "error_rate",
        "Error rate",
        Group.RELIABILITY,
        "Failed questions divided by all.",
        _ended("failed_told"),
        _QUESTIONS,
    ),
    _count(
        "partial",
        "Broken off",
        Group.RELIABILITY,
        "Answers of which only the beginning could be given.",
        _ended("answered_partial"),
    ),
    _count("calls", "Calls to models", Group.RELIABILITY, "Calls made for the questions.", _CALLS),
    _count(
        "failed_calls",
        "Failed calls",
        Group.RELIABILITY,
        "Calls that ended in an error or whose process vanished.",
        _FAILED_CALLS,
    ),
    _share(
        "call_error_rate",
        "Error rate of calls",
        Group.RELIABILITY,
        "Failed calls divided by all calls.",
        _FAILED_CALLS,
        _CALLS,
    ),
)

_DELIVERY = (
    _count(
        "delivered",
        "Delivered",
        Group.DELIVERY,
        "Questions whose reply has reached Telegram.",
        Sum("delivered"),
    ),
    _count(
        "delivery_unknown",
        "Delivery unknown",
        Group.DELIVERY,
        "Replies of which a part may have arrived without Telegram confirming it.",
        Sum("delivery_unknown"),
    ),
    _count(
        "undeliverable",
        "Undeliverable",
        Group.DELIVERY,
        "Replies that Telegram refused for good, as when the person has blocked the bot.",
        Sum("undeliverable"),
    ),
)

_QUALITY = (
    _count(
        "declined",
        "Declined",
        Group.QUALITY,
        "Questions that were not answered for what they are: too long, no text, refused by the "
        "model's provider.",
        _ended("declined"),
    ),
    _share(
        "declined_rate",
        "Declined rate",
        Group.QUALITY,
        "Declined questions divided by all.",
        _ended("declined"),
        _QUESTIONS,
    ),
    _count(
        "stopped",
        "Stopped",
        Group.QUALITY,
        "Questions whose person stopped the answer.",
        _ended("cancelled"),
    ),
    _share(
        "stopped_rate",
        "Stopped rate",
        Group.QUALITY,
        "Stopped questions divided by all.",
        _ended("cancelled"),
        _QUESTIONS,
    ),
    _count(
        "edited",
        "Edited",
        Group.QUALITY,
        "Questions that their person changed afterwards.",
        Sum("edited"),
    ),
    _count("likes", "Likes", Group.QUALITY, "Good reactions to answers.", Sum("likes")),
    _count("dislikes", "Dislikes", Group.QUALITY, "Bad reactions to answers.", Sum("dislikes")),
    _share(
        "feedback_score",
        "Feedback score",
        Group.QUALITY,
        "Likes divided by all reactions that count.",
        Sum("likes"),
        Sum("likes + dislikes"),
    ),
)

QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

_LATENCY = tuple(
    Metric(
        slug=f"{stage.name}_{name}",
        title=f"{stage.title}, {name}",
        unit=Unit.MILLISECONDS,
        group=Group.LATENCY,
        definition=f"{stage.meaning} {q:.0%} of the answers took no longer (nearest rank); off by "
        f"{RELATIVE_ERROR:.0%} at most.",
        how=Quantile(stage.name, q),
    )
    for stage in STAGES
    for name, q in QUANTILES.items()
)

METRICS: dict[str, Metric] = {
    metric.slug: metric
    for metric in (*_VOLUME, *_PEOPLE, *_COSTS, *_RELIABILITY, *_DELIVERY, *_QUALITY, *_LATENCY)
}
