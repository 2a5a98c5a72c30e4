"""`python -m core.chat export | erase BOT PERSON`, `tombstones | replay`, on DATABASE_URL.

`export` prints what is kept of a person, `erase` erases it, both by Telegram ids: for those who
cannot ask the bot for it. `tombstones` prints whom the bots have forgotten, as digests; `replay`
reads such lines, and forgets those people again where a restore has brought them back.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError

from core.chat import erasure, takeout, tombstones
from core.chat.tombstones import Replayed, Unreadable
from core.db.session import Database
from core.errors import StartupError
from core.settings import load


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.chat", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    for name, help_ in (
        ("export", "print what is kept of a person, as JSON"),
        ("erase", "erase what is kept of a person, now and for good"),
    ):
        action = actions.add_parser(name, help=help_)
        action.add_argument("bot", type=int, help="the bot's id: the number before the colon")
        action.add_argument("person", type=int, help="the person's Telegram id")
    actions.add_parser("tombstones", help="print whom the bots have forgotten, as digests")
    actions.add_parser("replay", help="forget again those whose lines come on standard input")
    try:
        asyncio.run(_run(parser.parse_args()))
    except (StartupError, Unreadable, OSError, DBAPIError) as error:
        is_told = isinstance(error, StartupError | Unreadable)
        sys.exit(f"parley chat: {error if is_told else type(error).__name__}.")


async def _run(asked: argparse.Namespace) -> None:
    async with _database() as database:
        match asked.action:
            case "export":
                async with database.snapshot() as session:
                    document = await takeout.collect(session, asked.bot, asked.person)
                sys.stdout.buffer.write(document.content)
            case "erase":
                async with database.write() as session:
                    await erasure.lock(session, asked.bot, asked.person)
                    erased = await erasure.erase(session, asked.bot, asked.person)
                print(f"erased: all that was kept until {erased.until:%Y-%m-%d %H:%M:%S} UTC")
            case "tombstones":
                async with database.read() as session:
                    for tombstone in await tombstones.read(session):
                        print(tombstone)
            case _:
                _report(await tombstones.replay(database, tombstones.parse(sys.stdin)))


@asynccontextmanager
async def _database() -> AsyncGenerator[Database]:
    database = Database(load().require_database_url(), pool_size=1, max_overflow=0)
    try:
        await database.require_reachable()
        yield database
    finally:
        await database.close()


def _report(done: Replayed) -> None:
    print(f"erasures: {done.tombstones} tombstones, {done.erased} people erased again")
    if done.strange:
        print(f"erasures: {done.strange} are of people whom this database has never known")


if __name__ == "__main__":
    main()
