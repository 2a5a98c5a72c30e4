"""Whether a run was good: what was measured, against what may be. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from local.load.figures import Figures
from local.replay.oracle import Verdict as Answers

#: milliseconds that 95 of 100 requests of a kind may take: several times what two quiet cores need
AT_MOST: Mapping[str, float] = {
    "sign-in": 600,
    "stats-day": 300,
    "stats-week": 300,
    "stats-month": 300,
    "series": 300,
    "breakdown": 300,
    "dialogs": 300,
    "dialog": 300,
    "users": 300,
    "export": 600,
    "live": 300,
    "simulator": 100,
    "first-visible": 2000,
    "full-answer": 4000,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    at_most: Mapping[str, float]
    #: of all requests
    failures_percent: float
    limited_percent: float


@dataclass(slots=True, kw_only=True)
class Outcome:
    figures: Figures
    #: None when nobody could chat
    answers: Answers | None = None
    #: programs that ended during the run
    ended: list[str] = field(default_factory=list)


def crossed(outcome: Outcome, thresholds: Thresholds) -> list[str]:
    """A sentence for each thing that is wrong."""
    figures = outcome.figures
    if not figures.requests:
        return ["Nothing was measured: no request came to an end."]
    return [
        *_too_slow(figures, thresholds),
        *_too_often(figures, thresholds),
        *([_not_clean(outcome.answers)] if _is_doubtful(outcome.answers) else []),
        *(f"{name} ended during the run: its last lines say why." for name in outcome.ended),
        *(f"The crowd itself failed: {crash}" for crash in figures.crashes),
    ]


def _too_slow(figures: Figures, thresholds: Thresholds) -> Iterator[str]:
    for line in figures.lines:
        limit = thresholds.at_most.get(line.kind)
        if limit is not None and line.p95 > limit:
            yield f"{line.kind}: p95 is {line.p95:.0f} ms, and may be {limit:g} ms."


def _too_often(figures: Figures, thresholds: Thresholds) -> Iterator[str]:
    failed = figures.failed / figures.requests * 100
    if failed > thresholds.failures_percent:
        yield (
            f"{figures.failed} of {figures.requests} requests failed ({failed:.2f} %), and "
            f"{thresholds.failures_percent:g} % may: {'; '.join(figures.failures[:3])}."
        )
    asked = figures.requests + figures.limited
    limited = figures.limited / asked * 100
    if limited > thresholds.limited_percent:
        yield (
            f"The API refused {figures.limited} of {asked} requests with 429 ({limited:.1f} %): "
            "this measures its limit. Raise STATS_API_RATE_LIMIT there, or send fewer analysts."
        )


def _is_doubtful(answers: Answers | None) -> bool:
    return answers is not None and (not answers.is_clean or answers.marked_duplicates > 0)


def _not_clean(answers: Answers | None) -> str:
    assert answers is not None
    return (
        f"Of {answers.questions} questions {answers.answered} were answered: {answers.lost} lost, "
        f"{answers.unmarked_duplicates + answers.marked_duplicates} doubled, "
        f"{answers.out_of_order} chats out of order, {answers.other_text} with other words, "
        f"{answers.unexplained_messages} messages that answer nothing, "
        f"{answers.rows_not_final} rows not final."
    )
