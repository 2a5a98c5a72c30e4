"""`python -m api`: the HTTP API."""

import sys

from api.server import serve
from core.errors import StartupError
from core.logging import configure
from core.settings import load


def main() -> None:
    try:
        settings = load()
        configure(level=settings.log_level, style=settings.log_format)
        serve(settings)
    except StartupError as error:
        sys.exit(f"parley api: {error}")


if __name__ == "__main__":
    main()
