"""`python -m core.stats rebuild [--from DAY] [--to DAY] | dictionary` on DATABASE_URL."""

import argparse
import asyncio
import sys
from datetime import UTC, date, datetime

from sqlalchemy.exc import DBAPIError

from core.db.session import Database
from core.errors import StartupError
from core.settings import load
from core.stats import dictionary
from core.stats.rebuild import rebuild
from core.stats.recount import Outcome

_BAR = 30


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.stats", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    remake = actions.add_parser("rebuild", help="make the rollups again from the raw rows")
    remake.add_argument("--from", dest="start", type=_day, help="first UTC day, as 2026-11-01")
    remake.add_argument("--to", dest="end", type=_day, help="the UTC day after the last")
    actions.add_parser("dictionary", help="print docs/metrics.md")
    arguments = parser.parse_args()
    if arguments.action == "dictionary":
        sys.stdout.write(dictionary.markdown())
        return
    if arguments.start and arguments.end and arguments.start >= arguments.end:
        parser.error("--from has to lie before --to")
    try:
        outcome = asyncio.run(_rebuild(arguments.start, arguments.end))
    except (StartupError, OSError, DBAPIError) as error:
        reason = error if isinstance(error, StartupError) else type(error).__name__
        sys.exit(f"parley stats: {reason}. What is done stays done; run it again to go on.")
    _report(outcome)


def _day(value: str) -> datetime:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a day such as 2026-11-01") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


async def _rebuild(start: datetime | None, end: datetime | None) -> Outcome:
    database = Database(load().require_database_url(), pool_size=2, max_overflow=0)
    try:
        await database.require_reachable()
        return await rebuild(database, start, end, progress=_show)
    finally:
        await database.close()


def _show(since: datetime, until: datetime, done_until: datetime) -> None:
    if not sys.stderr.isatty() and done_until < until:
        return
    share = (done_until - since) / (until - since)
    bar = ("#" * round(share * _BAR)).ljust(_BAR, ".")
    end = "\n" if done_until >= until else ""
    print(f"\r[{bar}] {share:4.0%} {done_until:%Y-%m-%d}", end=end, file=sys.stderr, flush=True)


def _report(outcome: Outcome) -> None:
    if not outcome.differences:
        print(f"{outcome.days} days rebuilt, nothing differed.")
        return
    print(f"{outcome.days} days rebuilt; rows of rollups that differed: {outcome.differences}.")
    for example in outcome.examples:
        print(f"  {example.table} {example.key}: {example.was} → {example.is_now}")


if __name__ == "__main__":
    main()
