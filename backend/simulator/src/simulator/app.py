"""The outside world as one server: Telegram, its people, the chat page, and a model provider."""

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.provider.routes import SCRIPT, provider_routes
from simulator.provider.script import Script
from simulator.telegram.botapi import bot_routes
from simulator.telegram.people import people_routes
from simulator.telegram.script import script_routes
from simulator.telegram.server import TELEGRAM, Telegram

CHAT = Path(__file__).parent / "chat"
MAX_BODY_BYTES = 64 * 1024 * 1024
_CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' blob: data:"


def create_app() -> web.Application:
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[secure])
    app[TELEGRAM] = Telegram()
    app[SCRIPT] = Script()
    app.add_routes(
        [
            *bot_routes(),
            *people_routes(),
            *script_routes(),
            *provider_routes(),
            web.post("/script/reset", reset),
            web.get("/", page),
            web.static("/chat", CHAT),
        ]
    )
    app.on_shutdown.append(close)
    return app


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
    request.app[SCRIPT].reset()
    return web.Response(status=204)


async def close(app: web.Application) -> None:
    app[TELEGRAM].reset()
