"""`python -m bot`: the Telegram bot."""

import sys

import uvloop

from bot.app import run
from core.errors import StartupError
from core.logging import configure
from core.settings import load


def main() -> None:
    try:
        settings = load()
        configure(level=settings.log_level, style=settings.log_format)
        uvloop.run(run(settings))
    except StartupError as error:
        sys.exit(f"parley bot: {error}")


if __name__ == "__main__":
    main()
