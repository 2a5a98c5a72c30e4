"""`python -m simulator`: the outside world on SIMULATOR_HOST and SIMULATOR_PORT.

SIMULATOR_STATE names the file in which chats survive a restart.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from core.errors import StartupError
from core.net import require_free_port
from simulator.app import create_app


def main() -> None:
    host = os.environ.get("SIMULATOR_HOST", "127.0.0.1")  # noqa: TID251 - no setting of the product
    port = int(os.environ.get("SIMULATOR_PORT", "8090"))  # noqa: TID251 - the same
    try:
        require_free_port("SIMULATOR_PORT", host, port)
    except StartupError as error:
        sys.exit(f"parley simulator: {error}")
    state = os.environ.get("SIMULATOR_STATE")  # noqa: TID251 - the same
    uvloop.run(serve(host, port, Path(state) if state else None))


async def serve(host: str, port: int, state: Path | None) -> None:
    """Serve until SIGTERM or SIGINT."""
    runner = web.AppRunner(create_app(state), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    print(f"the simulated Telegram is at http://{host}:{port}/", flush=True)
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
    await runner.cleanup()


if __name__ == "__main__":
    main()
