"""The bot's own HTTP: health, readiness, and the webhook route."""

import hmac
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.ingest import describe
from core.chat import inbox
from core.db import migrate
from core.db.session import Database
from core.failpoints import Failpoint, reach
from core.llm.outlook import Kind, Standing
from core.logging import get_logger
from core.net import require_free_port

log = get_logger(__name__)

MAX_UPDATE_BYTES = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


class Webhook:
    """Stores an update before it answers 200: what is not stored, Telegram sends again."""

    def __init__(
        self,
        database: Database,
        *,
        bot_id: int,
        secret: str,
        received: Callable[[Sequence[str]], None],
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._secret = secret.encode()
        self._received = received

    async def receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        try:
            incoming = describe(json.loads(await request.read()))
        except (ValueError, RecursionError):
            log.warning("webhook_not_json")
            return web.Response(status=400)
        reach(Failpoint.UPDATES_FETCHED)
        try:
            async with self._database.write() as session:
                if incoming.lane:
                    await inbox.lock_lanes(session, [f"{self._bot_id}:{incoming.lane}"])
                new = await inbox.accept(session, self._bot_id, [incoming])
        except (SQLAlchemyError, OSError) as error:
            log.error("webhook_not_stored", error=type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": "5"})
        reach(Failpoint.UPDATES_STORED)
        self._received(new)
        return web.Response()


def webhook_path(url: str) -> str:
    return urlsplit(url).path or "/"


class Health:
    """Whether the process runs, whether it can work, and how the models are."""

    def __init__(
        self,
        database: Database,
        *,
        release: str,
        is_receiving: Callable[[], bool],
        standings: Callable[[], Iterable[Standing]],
    ) -> None:
        self._database = database
        self._release = release
        self._is_receiving = is_receiving
        self._standings = standings

    @property
    def routes(self) -> list[web.RouteDef]:
        return [web.get("/health", self._health), web.get("/ready", self._ready)]

    async def _health(self, _: web.Request) -> web.Response:
        standings = list(self._standings())
        return web.json_response(
            {
                "status": "ok",
                "version": self._release,
                "models": [_told(x) for x in standings if x.kind is Kind.TARGET],
                "accounts": [_told(x) for x in standings if x.kind is Kind.ACCOUNT],
            }
        )

    async def _ready(self, _: web.Request) -> web.Response:
        checks = {
            "database": await migrate.is_ready(self._database),
            "telegram": self._is_receiving(),
        }
        status = 200 if all(checks.values()) else 503
        return web.json_response({"ready": status == 200, "checks": checks}, status=status)  # noqa: PLR2004 - HTTP's OK


def _told(standing: Standing) -> dict[str, Any]:
    return {
        "name": standing.name,
        "state": standing.state.value,
        "rests_seconds": round(standing.rests.total_seconds()),
        "reason": standing.reason,
    }


async def serve(
    routes: list[web.RouteDef], *, host: str, port: int
) -> Callable[[], Awaitable[None]]:
    """Start the server; returns how to stop it. Raises StartupError when the port is taken."""
    require_free_port("BOT_PORT", host, port)
    app = web.Application(client_max_size=MAX_UPDATE_BYTES)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner.cleanup
