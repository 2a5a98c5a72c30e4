"""The outside world as one server: Telegram, its people, the chat page, and a model provider."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.provider.provider import Provider
from simulator.provider.routes import provider_routes
from simulator.telegram import snapshot
from simulator.telegram.botapi import bot_routes
from simulator.telegram.people import people_routes
from simulator.telegram.reactions import reaction_routes
from simulator.telegram.script import script_routes
from simulator.telegram.server import TELEGRAM, Telegram

PROVIDER = web.AppKey("provider", Provider)
CHAT = Path(__file__).parent / "chat"
MAX_BODY_BYTES = 64 * 1024 * 1024
_CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' blob: data:"


def create_app(state: Path | None = None) -> web.Application:
    """The server; with `state` its chats are kept in that file."""
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[secure])
    app[TELEGRAM] = Telegram()
    app[PROVIDER] = Provider()
    app.add_routes(
        [
            *bot_routes(),
            *people_routes(),
            *reaction_routes(),
            *script_routes(),
            *provider_routes(app[PROVIDER]),
            web.post("/script/reset", reset),
            web.get("/", page),
            web.static("/chat", CHAT),
        ]
    )
    if state:
        app.cleanup_ctx.append(kept_in(state))
    app.on_shutdown.append(close)
    return app


def kept_in(state: Path) -> Callable[[web.Application], AsyncGenerator[None]]:
    async def keeping(app: web.Application) -> AsyncGenerator[None]:
        snapshot.load(app[TELEGRAM], state)
        async with asyncio.TaskGroup() as tasks:
            keeper = tasks.create_task(snapshot.keep(app[TELEGRAM], state))
            yield
            keeper.cancel()

    return keeping


@web.middleware
async def secure(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


async def page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(CHAT / "index.html")


async def reset(request: web.Request) -> web.Response:
    request.app[TELEGRAM].reset()
    request.app[PROVIDER].reset()
    return web.Response(status=204)


async def close(app: web.Application) -> None:
    app[TELEGRAM].close()
