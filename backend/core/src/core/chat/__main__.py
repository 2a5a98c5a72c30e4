"""`python -m core.chat tombstones | replay` on DATABASE_URL.

`tombstones` prints whom the bots have forgotten, as digests. `replay` reads such lines, and forgets
those people again where a restore has brought them back.
"""

import argparse
import asyncio
import sys

from sqlalchemy.exc import DBAPIError

from core.chat import tombstones
from core.chat.tombstones import Replayed, Tombstone, Unreadable
from core.db.session import Database
from core.errors import StartupError
from core.settings import load


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.chat", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("tombstones", help="print whom the bots have forgotten, as digests")
    actions.add_parser("replay", help="forget again those whose lines come on standard input")
    arguments = parser.parse_args()
    try:
        if arguments.action == "tombstones":
            for line in asyncio.run(_read()):
                print(line)
        else:
            _report(asyncio.run(_replay(tombstones.parse(sys.stdin))))
    except (StartupError, Unreadable, OSError, DBAPIError) as error:
        is_told = isinstance(error, StartupError | Unreadable)
        sys.exit(f"parley erasures: {error if is_told else type(error).__name__}.")


async def _read() -> list[Tombstone]:
    database = Database(load().require_database_url(), pool_size=1, max_overflow=0)
    try:
        await database.require_reachable()
        async with database.read() as session:
            return await tombstones.read(session)
    finally:
        await database.close()


async def _replay(given: list[Tombstone]) -> Replayed:
    database = Database(load().require_database_url(), pool_size=1, max_overflow=0)
    try:
        await database.require_reachable()
        return await tombstones.replay(database, given)
    finally:
        await database.close()


def _report(done: Replayed) -> None:
    print(f"erasures: {done.tombstones} tombstones, {done.erased} people erased again")
    if done.strange:
        print(f"erasures: {done.strange} are of people whom this database has never known")


if __name__ == "__main__":
    main()
