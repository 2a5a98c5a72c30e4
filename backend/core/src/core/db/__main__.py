"""`python -m core.db upgrade | downgrade REVISION | check | revision MESSAGE` on DATABASE_URL."""

import argparse
import asyncio
import sys

from alembic.util.exc import CommandError

from core import failpoints
from core.db import migrate
from core.errors import StartupError
from core.settings import load


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.db", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("upgrade", help="to the schema of this release")
    actions.add_parser("downgrade", help="back to a revision").add_argument("argument")
    actions.add_parser("check", help="fails when tables and migrations differ")
    actions.add_parser("revision", help="write a new migration").add_argument("argument")
    arguments = parser.parse_args()
    try:
        settings = load()
        failpoints.arm(settings.failpoints, settings.failpoints_journal)
        url = settings.require_database_url()
        match arguments.action:
            case "upgrade":
                asyncio.run(migrate.upgrade(url))
            case "downgrade":
                asyncio.run(migrate.downgrade(url, arguments.argument))
            case "check":
                asyncio.run(migrate.check(url))
            case _:
                asyncio.run(migrate.create_revision(url, arguments.argument))
    except (StartupError, CommandError) as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"DATABASE_URL: the database does not answer ({error.strerror or 'no connection'})."
        )


if __name__ == "__main__":
    main()
