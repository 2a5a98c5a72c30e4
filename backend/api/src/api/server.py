"""Two listeners in one process: the API, and its metrics on a port of their own."""

import asyncio
import contextlib
import resource
import signal
import sys
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.protocol import BoundedProtocol
from core.db.session import Database
from core.net import require_free_port
from core.settings import Settings

_FILES = 4096


def serve(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT; raises StartupError where nothing could be served."""
    signal.signal(signal.SIGTERM, _leave)
    app = create_app(settings)
    asyncio.run(_check(settings))
    _allow_files()
    server = _Server(configure_server(app, settings))
    with (
        app.state.metrics.served(settings.metrics_host, settings.metrics_port),
        contextlib.suppress(KeyboardInterrupt),  # which uvicorn raises again when it is done
    ):
        server.run()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Uvicorn raises the signal again when it is done: then the process has done as it was told."""
    sys.exit(0)


class _Server(uvicorn.Server):
    """Tells open streams that it is about to end; it waits for requests, and streams are long."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        assert isinstance(self.config.app, FastAPI)
        self.config.app.state.live.is_closing = True
        super().handle_exit(sig, frame)


def configure_server(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.api_host,
        port=settings.api_port,
        http=BoundedProtocol,
        ws="none",
        log_config=None,
        log_level="error",  # its warnings are one line for each thing a stranger does wrong
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=5,
        timeout_graceful_shutdown=10,
    )


async def _check(settings: Settings) -> None:
    require_free_port("API_PORT", settings.api_host, settings.api_port)
    require_free_port("METRICS_PORT", settings.metrics_host, settings.metrics_port)
    database = Database(settings.require_database_url())
    try:
        await database.require_reachable()
    finally:
        await database.close()


def _allow_files() -> None:
    """Each connection is a file, and many systems begin with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _FILES:
        wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
