"""What is kept of a run, for people who compare runs."""

import csv
import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from local.load.usage import Usage
from local.load.verdict import Outcome, Thresholds


def machine(usage: Usage, *, load_before: float) -> Iterator[str]:
    """What ran, on what."""
    for name, cost in sorted(usage.costs.items(), key=lambda item: -item[1].cores):
        memory = f"{cost.megabytes:>7.0f} MB" if cost.megabytes else ""
        yield f"{name:<16}{cost.cores * 100:>6.0f} % of a core{memory}"
    yield (
        f"{os.cpu_count()} cores, Python {platform.python_version()}; "
        f"load of the machine {load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    )


def write(
    folder: Path,
    outcome: Outcome,
    thresholds: Thresholds,
    usage: Usage,
    wrong: Sequence[str],
    *,
    load_before: float,
) -> None:
    figures = outcome.figures
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load_before": load_before,
        "load_after": os.getloadavg()[0],
        "figures": figures.model_dump(),
        "p95_may_be": dict(thresholds.at_most),
        "answers": asdict(outcome.answers) if outcome.answers else None,
        "programs": {name: asdict(cost) for name, cost in usage.costs.items()},
        "wrong": list(wrong),
    }
    (folder / "figures.json").write_text(json.dumps(kept, indent=2) + "\n")
    with (folder / "figures.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["kind", "requests", "failures", "rate", "p50", "p95", "p99"])
        rows.writerows(line.model_dump().values() for line in figures.lines)
