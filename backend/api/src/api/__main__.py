"""`python -m api`: the HTTP API."""

import asyncio
import sys

import uvicorn

from api.app import create_app
from core.db.session import Database
from core.errors import StartupError
from core.logging import configure
from core.net import require_free_port
from core.settings import Settings, load


def main() -> None:
    try:
        settings = load()
        configure(level=settings.log_level, style=settings.log_format)
        asyncio.run(_check(settings))
    except StartupError as error:
        sys.exit(f"parley api: {error}")
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


async def _check(settings: Settings) -> None:
    """Refuse to start where nothing could be served."""
    require_free_port("API_PORT", settings.api_host, settings.api_port)
    database = Database(settings.require_database_url())
    try:
        await database.require_reachable()
    finally:
        await database.close()


if __name__ == "__main__":
    main()
