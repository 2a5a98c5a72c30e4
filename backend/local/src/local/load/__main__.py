"""`python -m local.load`: a table. Ends with 1, and says why, when a threshold is crossed."""

import argparse
import asyncio
import getpass
import ipaddress
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from core.errors import StartupError
from local.load import report
from local.load.run import Options, Target, run
from local.load.table import lines
from local.load.verdict import AT_MOST, Thresholds, crossed

_REPORT = Path(".parley/load")
_ANALYSTS, _PEOPLE = 20, 20


def main() -> None:
    arguments = _parser().parse_args()
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:6.1f}  {line}", flush=True)

    try:
        options, thresholds = _options(arguments), _thresholds(arguments)
        before = os.getloadavg()[0]
        outcome, usage = asyncio.run(run(options, say))
    except StartupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    wrong = crossed(outcome, thresholds)
    for line in lines(outcome, thresholds):
        print(line)
    for line in report.machine(usage, load_before=before):
        print(line)
    report.write(options.report, outcome, thresholds, usage, wrong, load_before=before)
    print(f"report: {options.report}/report.html, figures.json, figures.csv")
    sys.exit("\n".join(wrong) if wrong else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.load", description=__doc__)
    add = parser.add_argument
    add("--analysts", type=_count, default=_ANALYSTS, help="who ask the API")
    add("--people", type=_count, help=f"who chat in the simulator; {_PEOPLE} without --host")
    add("--no-history", action="store_true", help="start sooner, with nothing to count")
    add("--spawn-rate", type=_some, default=5, help="analysts and people who come, a second")
    add("--seconds", type=_some, default=60, help="how long it lasts")
    add(
        "--at-most",
        action="append",
        default=[],
        metavar="KIND=MS",
        help=f"what p95 of a kind may be, of {', '.join(AT_MOST)}; may be repeated",
    )
    add("--slack", type=_some, default=1, help="times what p95 of all other kinds may be")
    add("--failures", type=float, default=0.1, help="percent of requests that may fail")
    add("--limited", type=float, default=1, help="percent that may be refused with 429")
    add("--report", type=Path, default=_REPORT, help="folder for what is kept of the run")
    add("--host", help="an API that runs already, such as https://staging.example.org")
    add("--account", help="who signs in there; the password is asked for, or read from a pipe")
    add("--i-own-this-host", action="store_true", help="and may put load on it")
    return parser


def _count(given: str) -> int:
    if not given.isdigit():
        raise argparse.ArgumentTypeError("needs a number, or 0 for nobody")
    return int(given)


def _some(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("needs a number above 0")
    return value


def _options(arguments: argparse.Namespace) -> Options:
    target = _target(arguments)
    people = arguments.people if arguments.people is not None else _PEOPLE
    if target and arguments.people:
        raise StartupError("--people chat in the simulator alone: leave them out with --host.")
    if not arguments.analysts and (target or not people):
        raise StartupError("Nobody would come: give --analysts or --people.")
    return Options(
        analysts=arguments.analysts,
        people=0 if target else people,
        has_history=not arguments.no_history,
        spawn_rate=arguments.spawn_rate,
        seconds=arguments.seconds,
        report=arguments.report.absolute(),
        target=target,
    )


def _target(arguments: argparse.Namespace) -> Target | None:
    if arguments.host is None:
        return None
    if not arguments.account:
        raise StartupError("--account is missing: who signs in at --host?")
    _require_ours(arguments.host, is_owned=arguments.i_own_this_host)
    is_asked = sys.stdin.isatty()
    password = getpass.getpass() if is_asked else sys.stdin.readline().rstrip("\n")
    return Target(api=arguments.host.rstrip("/"), account=arguments.account, password=password)


def _require_ours(host: str, *, is_owned: bool) -> None:
    parts = urlsplit(host)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise StartupError("--host needs an address such as https://staging.example.org")
    if not is_owned and not _is_this_machine(parts.hostname):
        raise StartupError(
            f"{parts.hostname} is not this machine. Load harms whoever does not expect it: give "
            "--i-own-this-host as well, if it is yours and nobody else's."
        )


def _is_this_machine(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _thresholds(arguments: argparse.Namespace) -> Thresholds:
    at_most = {kind: limit * arguments.slack for kind, limit in AT_MOST.items()}
    for given in arguments.at_most:
        kind, _, limit = given.partition("=")
        if kind not in AT_MOST or not limit.isdigit():
            raise StartupError(f"--at-most {given}: needs KIND=MS, of {', '.join(AT_MOST)}.")
        at_most[kind] = int(limit)
    return Thresholds(
        at_most=at_most,
        failures_percent=arguments.failures,
        limited_percent=arguments.limited,
    )


if __name__ == "__main__":
    main()
