"""What each kind of fault does: to a request, to a reply, or to the line in the middle of one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from simulator.provider.line import Left, Line
from simulator.provider.reply import Body, Reply
from simulator.provider.script import Fault
from simulator.provider.wire import JSON, dumps, error_object

_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"

#: error types and messages of the statuses that OpenRouter documents
_ERRORS = {
    400: ("invalid_request", "Provider returned error"),
    401: ("authentication", "User not found."),
    402: ("payment_required", "Insufficient credits"),
    403: ("permission_denied", "The request is not permitted"),
    404: ("not_found", "No endpoints found"),
    408: ("timeout", "Request timed out"),
    413: ("payload_too_large", "Request Entity Too Large"),
    422: ("unprocessable", "Unprocessable Entity"),
    429: ("rate_limit_exceeded", "Rate limit exceeded"),
    502: ("provider_unavailable", "Provider returned error"),
    503: ("provider_overloaded", "No provider is available at the moment"),
    504: ("timeout", "The provider did not answer in time"),
    524: ("timeout", "A timeout occurred"),
    529: ("provider_overloaded", "The provider is overloaded"),
}

#: texts that look like answers and show nothing
_TEXTS = {
    "empty_text": "",
    "whitespace": " \n\t ",
    "zero_width": "\u200b\u200d\ufeff",
    "surrogate_nul": "half \ud83d and \x00 here",
}


INSTEAD = frozenset({"status", "hang", "error_in_200", "html", "empty_body", "raw"})
#: the connection ends with these, by either side
PARTING = frozenset({"hang", "raw", "silence", "comments_only", "cut_rst", "cut_fin"})


async def instead_of_reply(line: Line, fault: Fault) -> None:
    match fault.kind:
        case "hang":
            await line.hold()
        case "raw":
            await _send_raw(line, fault)
        case "html":
            line.response = _response(fault, 200, fault.body or _PAGE, "text/html")
        case "empty_body":
            line.response = _response(fault, 200, "", JSON)
        case "error_in_200":
            line.response = _response(fault, 200, _error_body(fault, 502), JSON)
        case _:
            status = fault.status or 500
            line.response = _response(fault, status, _error_body(fault, status), JSON)


def spoiled(reply: Reply, fault: Fault, *, chunk_chars: int) -> Reply:
    """The reply that the model gives because of the fault."""
    said = (reply.text or "")[: fault.after_chunks * chunk_chars]
    match fault.kind:
        case "error_chunk":
            return replace(reply, text=said, finish_reason="error", error=_error(fault, 502))
        case "eof_without_finish":
            return replace(reply, text=said, finish_reason=None, has_end=False)
        case "finish_reason":
            return replace(reply, finish_reason=fault.finish_reason)
        case "null_content":
            return replace(reply, text=None)
        case "empty_choices":
            return replace(reply, text=None, has_choices=False)
        case kind if kind in _TEXTS:
            return replace(reply, text=_TEXTS[kind])
        case _:
            return reply


async def _cut_rst(line: Line, _: Body) -> None:
    await line.cut(reset=True)
    raise Left


async def _cut_fin(line: Line, _: Body) -> None:
    await line.cut(reset=False)
    raise Left


async def _silence(line: Line, _: Body) -> None:
    await line.hold()


async def _garbage_json(line: Line, body: Body) -> None:
    line.say(body.not_json)


async def _invalid_utf8(line: Line, body: Body) -> None:
    line.say(body.not_utf8)


#: what happens on the line once the first chunks have been said
WITHIN: dict[str, Callable[[Line, Body], Awaitable[None]]] = {
    "cut_rst": _cut_rst,
    "cut_fin": _cut_fin,
    "silence": _silence,
    "garbage_json": _garbage_json,
    "invalid_utf8": _invalid_utf8,
}


async def _send_raw(line: Line, fault: Fault) -> None:
    for step in fault.steps:
        line.write_raw(step.bytes_b64)
        await line.pause(step.sleep_ms / 1000)
        if step.close:
            await line.cut(reset=step.close == "rst")
            return
    await line.cut(reset=False)


def _error_body(fault: Fault, status: int) -> object:
    is_whole = isinstance(fault.body, str) or (
        isinstance(fault.body, dict) and "error" in fault.body
    )
    return fault.body if is_whole else {"error": _error(fault, status)}


def _error(fault: Fault, status: int) -> object:
    kind, message = _ERRORS.get(status, ("server", "Internal Server Error"))
    return fault.body or error_object(status, kind, message)


def _response(fault: Fault, status: int, body: object, content_type: str) -> web.Response:
    return web.Response(
        body=body.encode() if isinstance(body, str) else dumps(body),
        status=fault.status or status,
        headers={"Content-Type": content_type, **fault.headers},
    )
