"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from simulator.telegram.accounts import Account
from simulator.telegram.errors import Refused, flood
from simulator.telegram.methods import METHODS, PACED, Call, Upload
from simulator.telegram.server import TELEGRAM, FaultOrder, Telegram
from simulator.telegram.world import Json

#: longer than any client waits
_FOR_EVER = 3600.0
#: of an upload of a bot's
MAX_FILE_BYTES = 50 * 1024 * 1024


def bot_routes() -> list[web.AbstractRouteDef]:
    return [
        web.route("*", r"/bot{token:[^/]+}/{method}", answer),
        web.get(r"/file/bot{token:[^/]+}/{path:.+}", download),
    ]


async def answer(request: web.Request) -> web.StreamResponse:
    telegram = request.app[TELEGRAM]
    method = request.match_info["method"].lower()
    account = telegram.accounts.get(request.match_info["token"])
    if account is None:
        return _refused(Refused(401, "Unauthorized"))
    try:
        params, uploads = await _parameters(request)
    except Refused as refusal:
        return _refused(refusal)
    call = Call(telegram, account, params, uploads)
    fault = telegram.fault_for(method, call.chat_id())
    if fault and (instead := await _instead(request, fault)):
        telegram.note(method, params, ok=False, status=instead.status)
        return instead
    try:
        if method == "getupdates":
            return await _updates(telegram, account, call)
        result = _run(telegram, account, call, method)
    except Refused as refusal:
        telegram.note(method, params, ok=False, status=refusal.code)
        return _refused(refusal)
    telegram.note(method, params, ok=True, status=200)
    if fault and fault.kind == "drop_after":
        return _closed(request)
    return _ok(orjson.dumps(result))


async def download(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    file = telegram.world.files.get(request.match_info["path"].rpartition("/")[2])
    if request.match_info["token"] not in telegram.accounts or file is None:
        return _refused(Refused(404, "Not Found"))
    return web.Response(body=file.content, content_type="application/octet-stream")


def _run(telegram: Telegram, account: Account, call: Call, method: str) -> Any:
    function = METHODS.get(method)
    if function is None:
        raise Refused(404, "Not Found: method not found, or not simulated")
    chat_id = call.chat_id()
    if method in PACED and chat_id is not None:
        wait = telegram.flood.penalty(
            account.id,
            chat_id,
            is_group=chat_id < 0,
            now=asyncio.get_running_loop().time(),
        )
        if wait:
            raise flood(wait)
    return function(call)


async def _updates(telegram: Telegram, account: Account, call: Call) -> web.Response:
    allowed = call.value("allowed_updates")
    body = await account.poll(
        call.integer("offset") or 0,
        call.integer("limit") or 100,
        call.integer("timeout") or 0,
        allowed if isinstance(allowed, list) else None,
    )
    if telegram.garbage:
        return web.Response(body=telegram.garbage.popleft(), content_type="application/json")
    return _ok(body)


async def _instead(request: web.Request, fault: FaultOrder) -> web.StreamResponse | None:
    """The reply of a fault that takes the place of the call; None lets it happen."""
    if fault.kind in {"hang", "delay"}:
        await asyncio.sleep(_FOR_EVER if fault.kind == "hang" else fault.seconds)
    match fault.kind:
        case "error":
            return _refused(Refused(fault.error_code, fault.description, **fault.parameters))
        case "flood":
            return _refused(flood(fault.retry_after))
        case "html":
            page = "<html><head><title>502 Bad Gateway</title></head></html>"
            return web.Response(status=502, text=page, content_type="text/html")
        case "empty":
            return web.Response(body=b"", content_type="application/json")
        case "drop_before":
            return _closed(request)
        case _:
            return None


def _closed(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=499)


async def _parameters(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    params: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    match request.content_type:
        case "application/json":
            body = await request.read()
            params |= orjson.loads(body) if body else {}
        case "application/x-www-form-urlencoded":
            body = await request.read()
            params |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        case "multipart/form-data":
            await _read_form(request, params, uploads)
    return params, uploads


async def _read_form(request: web.Request, params: Json, uploads: dict[str, Upload]) -> None:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read(MAX_FILE_BYTES + 1)
            if len(content) > MAX_FILE_BYTES:
                raise Refused(413, "Request Entity Too Large")
            uploads[name] = Upload(value.filename, value.content_type, content)
        else:
            params[name] = value if isinstance(value, str) else bytes(value).decode()


def _ok(result: bytes) -> web.Response:
    return web.Response(
        body=b'{"ok":true,"result":' + result + b"}", content_type="application/json"
    )


def _refused(refusal: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.Response(
        status=refusal.code, body=orjson.dumps(body), content_type="application/json"
    )
