"""The table of a run."""

from collections.abc import Iterator, Mapping

from local.load.figures import Figures, Line
from local.load.verdict import AT_MOST, Outcome, Thresholds
from local.replay.oracle import Verdict as Answers

_ORDER = {kind: number for number, kind in enumerate(AT_MOST)}


def lines(outcome: Outcome, thresholds: Thresholds) -> Iterator[str]:
    figures = outcome.figures
    yield (
        f"{'milliseconds':<16}{'requests':>9}{'a second':>9}{'p50':>7}{'p95':>7}{'p99':>7}"
        f"{'p95 may be':>12}{'failures':>10}"
    )
    for line in sorted(figures.lines, key=_place):
        yield _row(line, thresholds.at_most)
    yield f"{'all':<16}{figures.requests:>9}{_rate(figures):>9.1f}{figures.failed:>43}"
    yield f"refused with 429: {figures.limited}"
    yield from (f"failed: {failure}" for failure in figures.failures)
    if outcome.answers:
        yield _answers(outcome.answers)


def _place(line: Line) -> tuple[int, str]:
    return _ORDER.get(line.kind, len(_ORDER)), line.kind


def _row(line: Line, at_most: Mapping[str, float]) -> str:
    limit = at_most.get(line.kind)
    is_crossed = limit is not None and line.p95 > limit
    return (
        f"{line.kind:<16}{line.requests:>9}{line.rate:>9.1f}"
        f"{line.p50:>7.0f}{line.p95:>7.0f}{line.p99:>7.0f}"
        f"{'–' if limit is None else f'{limit:g}':>12}{line.failures:>10}"
        f"{'  too slow' if is_crossed else ''}"
    )


def _rate(figures: Figures) -> float:
    return sum(line.rate for line in figures.lines)


def _answers(answers: Answers) -> str:
    doubled = answers.marked_duplicates + answers.unmarked_duplicates
    return (
        f"{answers.questions} questions, {answers.answered} answered, "
        f"{answers.lost} lost, {doubled} doubled"
    )
