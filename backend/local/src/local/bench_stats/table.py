"""The table of a run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from local.bench_stats.endpoint import Timing
from local.bench_stats.writing import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One period, measured once."""

    period: str
    is_written: bool
    api: Timing
    #: milliseconds of the same questions, by engine
    engines: dict[str, float]


@dataclass(slots=True)
class Report:
    lines: list[Line] = field(default_factory=list)
    written: Written | None = None
    #: what did not agree, in words
    disagreements: list[str] = field(default_factory=list)
    #: how many answers were compared, of how many engines
    compared: int = 0


def lines(report: Report, engines: Sequence[str]) -> Iterator[str]:
    first = f"{'':<16}{'GET /api/v1/stats, ms':>33}"
    yield f"{first}{'three questions, ms':>{12 * len(engines)}}{'ratio':>{12 * len(engines)}}"
    names = "".join(f"{name:>12}" for name in engines)
    yield f"{'period':<8}{'writes':<8}{'requests':>9}{'p50':>8}{'p95':>8}{'p99':>8}{names}{names}"
    for line in report.lines:
        api = line.api
        yield (
            f"{line.period:<8}{'yes' if line.is_written else 'no':<8}"
            f"{api.requests:>9}{api.p50:>8.1f}{api.p95:>8.1f}{api.p99:>8.1f}"
            + "".join(f"{line.engines[name]:>12.0f}" for name in engines)
            + "".join(f"{line.engines[name] / api.p50:>11.1f}x" for name in engines)
        )
    if report.written:
        written = report.written
        yield (
            f"writers: {written.turns} turns, {written.rate:.1f} a second, "
            f"p50 {written.p50_ms:.0f} ms, p95 {written.p95_ms:.0f} ms from due to delivered"
        )
    yield from report.disagreements
    verdict = "NOT EQUAL" if report.disagreements else "all equal"
    yield f"{report.compared} answers compared: {verdict}"
