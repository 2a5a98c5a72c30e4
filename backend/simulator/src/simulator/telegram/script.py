"""What tests order of Telegram over HTTP."""

import json
from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from simulator.telegram.server import TELEGRAM, FaultOrder


class BotOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: str
    username: str
    first_name: str = "Bot"


class UpdatesOrder(BaseModel):
    """Raw updates as they shall arrive: objects (a missing update_id is filled in), or text.

    Text that is valid JSON stands in the array of updates as it is; any other text becomes the
    whole body of one getUpdates reply, as from a broken proxy.
    """

    model_config = ConfigDict(extra="forbid")

    updates: list[Any]


class SettingsOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    conflict: bool | None = None
    flood_limits: str | None = None


def script_routes() -> list[web.AbstractRouteDef]:
    return [
        web.post("/script/telegram/bots", register),
        web.post("/script/telegram/faults", order_fault),
        web.get("/script/telegram/faults", list_faults),
        web.delete("/script/telegram/faults", clear_faults),
        web.post("/script/telegram/updates", inject),
        web.get("/script/telegram/calls", calls),
        web.post("/script/telegram/settings", settings),
    ]


async def register(request: web.Request) -> web.Response:
    order = await _ordered(request, BotOrder)
    account = request.app[TELEGRAM].register(order.token, order.username, order.first_name)
    return _json(account.user)


async def order_fault(request: web.Request) -> web.Response:
    fault = request.app[TELEGRAM].order_fault(await _ordered(request, FaultOrder))
    return _json({"fault_id": fault.id})


async def list_faults(request: web.Request) -> web.Response:
    faults = request.app[TELEGRAM].faults
    return _json([{"id": f.id, "hits": f.hits, **f.order.model_dump()} for f in faults])


async def clear_faults(request: web.Request) -> web.Response:
    request.app[TELEGRAM].faults.clear()
    return web.Response(status=204)


async def inject(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    order = await _ordered(request, UpdatesOrder)
    for update in order.updates:
        number = next(telegram.bot.numbers)
        if isinstance(update, dict):
            number = update.setdefault("update_id", number)
            telegram.bot.push_raw(
                json.dumps(update).encode(), number if isinstance(number, int) else 0
            )
        elif isinstance(update, str) and _is_json(update):
            telegram.bot.push_raw(update.encode(), number)
        elif isinstance(update, str):
            telegram.garbage.append(update.encode())
            telegram.bot.news.set()
        else:
            telegram.bot.push_raw(json.dumps(update).encode(), number)
    return web.Response(status=204)


async def calls(request: web.Request) -> web.Response:
    method = request.query.get("method", "").lower()
    since = int(request.query.get("since", 0))
    chosen = [
        call
        for call in request.app[TELEGRAM].journal
        if call["n"] > since and method in {"", call["method"]}
    ]
    return _json(chosen)


async def settings(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    order = await _ordered(request, SettingsOrder)
    if order.conflict is not None:
        telegram.bot.contend(is_contended=order.conflict)
    if order.flood_limits is not None:
        telegram.flood.is_on = order.flood_limits != "off"
    return web.Response(status=204)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


async def _ordered(request: web.Request, order: Any) -> Any:
    try:
        # the standard library's reader: half a surrogate pair may be ordered
        return order.model_validate(json.loads(await request.read()))
    except (ValidationError, ValueError) as error:
        raise web.HTTPBadRequest(text=str(error)) from None


def _json(body: Any) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")
