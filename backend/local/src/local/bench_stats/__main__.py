"""`python -m local.bench_stats`: one table. Ends with 1 when the numbers do not agree."""

import argparse
import sys
import time
from pathlib import Path

from core.errors import StartupError
from local.bench_stats import store
from local.bench_stats.run import Options, run

#: as many as the history of a product that is in use
MESSAGES, MESSAGES_A_PERSON = 5_000_000, 50


def main() -> None:
    arguments = _parser().parse_args()
    options = Options(
        messages=arguments.messages,
        people=arguments.people or max(10, arguments.messages // MESSAGES_A_PERSON),
        seed=arguments.seed,
        rate=arguments.rate,
        requests=arguments.requests,
        runs=arguments.runs,
        keep=arguments.keep,
    )
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:7.1f}  {line}", flush=True)

    try:
        report = run(options, say, now=store.now())
    except StartupError as error:
        sys.exit(str(error))
    sys.exit("The numbers do not agree: see above." if report.disagreements else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.bench_stats", description=__doc__)
    add = parser.add_argument
    add("--messages", type=int, default=MESSAGES, help="questions and answers to make up")
    add("--people", type=int, help="who wrote them; by default one for every 50 messages")
    add("--seed", type=int, default=1, help="another one gives another history")
    add("--rate", type=float, default=100, help="turns a second while measuring; 0: none")
    add("--requests", type=int, default=200, help="of the API, for each period")
    add("--runs", type=int, default=3, help="of each engine, for each period")
    add("--keep", type=Path, metavar="FOLDER", help="leave the database there for the next run")
    return parser


if __name__ == "__main__":
    main()
