"""`python -m api`: the HTTP API. `python -m api users …`: its accounts."""

import argparse
import sys

from api.accounts import cli
from api.server import serve
from core import reporting, tracing
from core.errors import StartupError
from core.logging import configure
from core.settings import load


def main() -> None:
    arguments = _parser().parse_args()
    try:
        settings = load()
        configure(level=settings.log_level, style=settings.log_format)
        if arguments.program == "users":
            cli.run(arguments, settings)
        else:
            with reporting.on(settings, "api"), tracing.on(settings, "api"):
                serve(settings)
    except (StartupError, cli.Refused) as error:
        sys.exit(f"parley api: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    programs = parser.add_subparsers(dest="program", metavar="users")
    cli.add_arguments(programs.add_parser("users", help="accounts: add, list, disable, reset, …"))
    return parser


if __name__ == "__main__":
    main()
