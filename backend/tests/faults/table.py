"""docs/faults.md: what was broken, how, and what was then observed, from the reports of a run."""

import platform
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

ROWS = range(1, 61)
#: and why not
NOT_PRODUCED: dict[int, str] = {}
_INTRODUCTION = """
Bots are processes of the product, on a real PostgreSQL; Telegram, its people and the model provider
are the simulator's; connections are cut by a proxy between them. Leases last 3 s here, a model has
1.5 s for its first token. A seed varies what can vary: which occurrence, how many chats, long or
short answers, `SEND_POLICY`, moments.

A run is clean when afterwards: each question has one turn, in a final state; no part was seen more
often than once, or twice and marked as of unknown delivery; answers and their parts came in order;
nothing is left claimed, waiting or running; each call is noted, at the price on the provider's bill
or marked as not known; the rollups made anew from the raw rows are the same; nobody was shown an
exception or a provider's own words; no key or token is in a log.
"""
#: a code in backticks is a word
_NUMBER = re.compile(r"(?<![`\w.])\d+(?:\.\d+)?(?![`\w])")


@dataclass(slots=True)
class Row:
    title: str
    how: str
    runs: int = 0
    failed: int = 0
    observed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Results:
    rows: dict[int, Row] = field(default_factory=dict)
    #: runs and failures of a kill at a point under a policy
    kills: dict[tuple[str, str], Row] = field(default_factory=dict)
    postgres: str = ""

    def add(self, properties: dict[str, object], *, is_clean: bool) -> None:
        """One run, by what its test recorded."""
        self.postgres = str(properties.get("postgres", self.postgres))
        told = properties.get("row") or properties.get("kill")
        if not isinstance(told, dict):
            return
        if "row" in properties:
            row = self.rows.setdefault(told["row"], Row(told["title"], told["how"]))
        else:
            key = (told["point"], told["policy"])
            row = self.kills.setdefault(key, Row(told["point"], told["policy"]))
        row.runs += 1
        row.failed += not is_clean
        if is_clean and (observed := properties.get("observed")):
            row.observed.append(str(observed))

    @property
    def missing(self) -> list[int]:
        return [row for row in ROWS if row not in self.rows and row not in NOT_PRODUCED]


def page(results: Results, *, command: str, seeds: int) -> str:
    return "\n".join([*_head(results, command, seeds), *table(results), *_not_produced(), ""])


def table(results: Results) -> Iterator[str]:
    if results.rows:
        yield "| # | fault | how | observed | runs | clean |"
        yield "|--:|---|---|---|--:|---|"
    for number, row in sorted(results.rows.items()):
        observed = "; ".join(merged(row.observed)) or "—"
        yield (
            f"| {number} | {row.title} | {row.how} | {observed} | {row.runs} | {_verdict(row)} |"
        )
    if results.kills:
        yield from _kills(results)


def merged(sentences: Iterable[str]) -> list[str]:
    """Sentences that differ in their numbers alone become one, with the range of each number."""
    alike: defaultdict[str, list[list[str]]] = defaultdict(list)
    for sentence in sentences:
        alike[_NUMBER.sub("\0", sentence)].append(_NUMBER.findall(sentence))
    return [_filled(words, numbers) for words, numbers in alike.items()]


def _filled(words: str, numbers: Sequence[Sequence[str]]) -> str:
    ranges = [_range(column) for column in zip(*numbers, strict=True)]
    for one in ranges:
        words = words.replace("\0", one, 1)
    return words


def _range(column: Sequence[str]) -> str:
    low, high = min(column, key=float), max(column, key=float)
    return low if float(low) == float(high) else f"{low}–{high}"


def _verdict(row: Row) -> str:
    return "yes" if not row.failed else f"**no**: {row.failed} of {row.runs}"


def _kills(results: Results) -> Iterator[str]:
    yield ""
    yield "## Killed at every point"
    yield ""
    yield "`kill -9` at each point of a message's way (`core/failpoints.py`), then a new process."
    yield ""
    yield "| point | policy | observed | runs | clean |"
    yield "|---|---|---|--:|---|"
    for (point, policy), row in sorted(results.kills.items()):
        observed = "; ".join(merged(row.observed)) or "—"
        yield f"| `{point}` | {policy} | {observed} | {row.runs} | {_verdict(row)} |"


def _head(results: Results, command: str, seeds: int) -> Iterator[str]:
    runs = [*results.rows.values(), *results.kills.values()]
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    yield "# Faults"
    yield ""
    yield "After this page you know what was broken on purpose, and what was then observed."
    yield ""
    yield (
        f"Written by `{command}` on {day}: {sum(row.runs for row in runs)} runs, "
        f"{sum(row.failed for row in runs)} of them not clean, {seeds} seeds each; "
        f"Python {platform.python_version()}, PostgreSQL {results.postgres}, "
        f"aiogram {version('aiogram')}, openai {version('openai')}."
    )
    yield _INTRODUCTION


def _not_produced() -> Iterator[str]:
    if not NOT_PRODUCED:
        return
    yield ""
    yield "## Not produced"
    yield ""
    for row, reason in sorted(NOT_PRODUCED.items()):
        yield f"- {row}: {reason}"
