"""The provider's HTTP: models, key, chat completions, and the endpoints that script them."""

import asyncio
import base64
import secrets
import time
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from pydantic import ValidationError

from simulator.provider.catalogue import OFFERS, Offer, count_tokens
from simulator.provider.demo import reply_to
from simulator.provider.script import Call, Fault, Replies, Script, Speed, milliseconds
from simulator.provider.stream import (
    DONE,
    FOR_EVER,
    Cut,
    Frame,
    send_comments,
    send_text,
)

API_KEY = "simulator-key"
SCRIPT = web.AppKey("provider_script", Script)
MAX_SCRIPT_BYTES = 64 * 1024 * 1024

#: faults that replace the reply's text
_TEXTS = {
    "empty_text": "",
    "whitespace": " \n\t ",
    "zero_width": "\u200b\u200d\ufeff",
    "surrogate_nul": "half \ud83d and \x00 here",
}
#: faults that spoil the stream while it runs
_STREAM_FAULTS = {
    "error_chunk",
    "cut_rst",
    "cut_fin",
    "eof_without_finish",
    "invalid_utf8",
    "silence",
    "slow",
}


def provider_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/api/v1/models", models),
        web.get("/api/v1/key", key),
        web.get("/api/v1/generation", generation),
        web.post("/api/v1/chat/completions", complete),
        web.post("/script/provider/replies", order_replies),
        web.post("/script/provider/speed", order_speed),
        web.post("/script/provider/faults", order_fault),
        web.get("/script/provider/faults", list_faults),
        web.delete("/script/provider/faults", clear_faults),
        web.get("/script/provider/calls", list_calls),
        web.post("/script/provider/reset", reset),
    ]


async def models(_: web.Request) -> web.Response:
    return _json({"data": [offer.listed() for offer in OFFERS.values()]})


async def key(request: web.Request) -> web.Response:
    if refusal := _refusal(request):
        return refusal
    data = {"label": "simulator", "limit": None, "limit_remaining": None, "usage": 0}
    return _json({"data": {**data, "is_free_tier": False}})


async def generation(request: web.Request) -> web.Response:
    return _refusal(request) or _error(404, "Generation not found", "not_found")


async def complete(request: web.Request) -> web.StreamResponse:
    if refusal := _refusal(request):
        return refusal
    try:
        body = orjson.loads(await request.read())
        messages = [
            (str(message["role"]), _content(message.get("content"))) for message in body["messages"]
        ]
        model = str(body["model"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return _error(400, "Invalid request: model and messages are required", "invalid_request")
    script = request.app[SCRIPT]
    call = script.note(model, stream=bool(body.get("stream")), messages=messages)
    question = messages[-1][1] if messages else ""
    fault = script.fault_for(model, question)
    try:
        response = await _reply(request, script, call, messages, model, body, fault)
    except asyncio.CancelledError:
        call.outcome = "cancelled"
        raise
    except (ConnectionError, Cut) as error:
        call.outcome = fault.kind if fault else "cancelled"
        return _broken(request, error)
    finally:
        call.ended_at = milliseconds()
    return response


async def _reply(
    request: web.Request,
    script: Script,
    call: Call,
    messages: list[tuple[str, str]],
    model: str,
    body: Mapping[str, Any],
    fault: Fault | None,
) -> web.StreamResponse:
    if fault and (instead := await _instead(request, fault)):
        call.outcome = fault.kind
        return instead
    offer = OFFERS.get(model)
    if offer is None:
        call.outcome = "unknown model"
        return _error(404, f"No endpoints found for {model}", "not_found")
    call.prompt_tokens = sum(count_tokens(text) for _, text in messages)
    if call.prompt_tokens > offer.context_length:
        call.outcome = "context too long"
        return _error(
            400,
            f"This endpoint's maximum context length is {offer.context_length} tokens",
            "context_length_exceeded",
        )
    text = _text(script, model, messages, fault)
    if not body.get("stream"):
        call.outcome = "answered"
        return _whole(call, offer, text)
    return await _streamed(request, script, call, offer, text, fault)


async def _streamed(
    request: web.Request,
    script: Script,
    call: Call,
    offer: Offer,
    text: str,
    fault: Fault | None,
) -> web.StreamResponse:
    frame = _frame(offer)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-cache",
            "X-Generation-Id": frame.generation_id,
        }
    )
    await response.prepare(request)
    wait = (
        FOR_EVER if fault and fault.kind == "comments_only" else script.speed.first_token_ms / 1000
    )
    await send_comments(response, wait)
    spoiling = fault if fault and fault.kind in _STREAM_FAULTS else None
    await send_text(response, frame, text, script.speed, spoiling)
    reason = "content_filter" if fault and fault.kind == "content_filter" else "stop"
    tail = [frame.finish(reason), frame.usage(_bill(call, offer, text)), DONE]
    if fault and fault.kind in {"null_content", "empty_choices"}:
        tail.insert(0, _odd_chunk(frame, fault.kind))
    await response.write(b"".join(tail))
    await response.write_eof()
    call.outcome = fault.kind if fault else "answered"
    return response


async def _instead(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """The reply of a fault that takes the place of the whole answer."""
    match fault.kind:
        case "status":
            return _raw(fault.body, fault.status, fault.headers)
        case "error_in_200":
            error = {"code": 502, "message": "Provider returned error"}
            return _raw(fault.body or {"error": error}, 200, fault.headers)
        case "html":
            page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
            return web.Response(text=page, content_type="text/html", status=200)
        case "empty_body":
            return web.Response(body=b"", content_type="application/json")
        case "garbage_json":
            return web.Response(
                body=b'data: {"choices": [{"del\n\n', content_type="text/event-stream"
            )
        case "hang":
            await asyncio.sleep(FOR_EVER)
            return None
        case "raw":
            return await _send_raw(request, fault)
        case _:
            return None


async def _send_raw(request: web.Request, fault: Fault) -> web.StreamResponse:
    """Exactly these bytes, pauses and ends, from the status line on."""
    transport = request.transport
    assert transport is not None
    for step in fault.steps:
        transport.write(base64.b64decode(step.bytes_b64))
        await asyncio.sleep(step.sleep_ms / 1000)
        if step.close:
            raise Cut(reset=step.close == "rst")
    raise Cut(reset=False)


def _text(script: Script, model: str, messages: list[tuple[str, str]], fault: Fault | None) -> str:
    if fault and fault.kind in {"null_content", "empty_choices"}:
        return ""
    if fault and fault.kind in _TEXTS:
        return _TEXTS[fault.kind]
    ordered = script.reply_for(model, messages[-1][1] if messages else "")
    return reply_to(messages) if ordered is None else ordered


def _odd_chunk(frame: Frame, kind: str) -> bytes:
    choices = b'[{"index":0,"delta":{"content":null},"finish_reason":null}]'
    return frame.head + b',"choices":' + (b"[]" if kind == "empty_choices" else choices) + b"}\n\n"


def _whole(call: Call, offer: Offer, text: str) -> web.Response:
    frame = _frame(offer)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, "refusal": None},
        "finish_reason": "stop",
        "native_finish_reason": "stop",
        "logprobs": None,
    }
    reply = {
        "id": frame.generation_id,
        "provider": "Simulator",
        "model": offer.id,
        "object": "chat.completion",
        "created": frame.created,
        "choices": [choice],
        "usage": _bill(call, offer, text),
    }
    return _json(reply, headers={"X-Generation-Id": frame.generation_id})


def _bill(call: Call, offer: Offer, text: str) -> dict[str, object]:
    call.completion_tokens = count_tokens(text)
    call.cost = offer.cost(call.prompt_tokens, call.completion_tokens)
    return {
        "prompt_tokens": call.prompt_tokens,
        "completion_tokens": call.completion_tokens,
        "total_tokens": call.prompt_tokens + call.completion_tokens,
        "cost": call.cost,
        "is_byok": False,
        "cost_details": {"upstream_inference_cost": None},
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def _frame(offer: Offer) -> Frame:
    return Frame(
        generation_id=f"gen-{int(time.time())}-{secrets.token_hex(10)}",
        model=offer.id,
        created=int(time.time()),
    )


def _content(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _broken(request: web.Request, error: Exception) -> web.Response:
    """End the connection as the fault wants it; nothing more is sent."""
    transport = request.transport
    if transport is not None:
        if isinstance(error, Cut) and error.reset:
            transport.abort()
        else:
            transport.close()
    return web.Response()


def _refusal(request: web.Request) -> web.Response | None:
    if request.headers.get("Authorization", "") == f"Bearer {API_KEY}":
        return None
    return _error(401, "User not found.", "authentication")


def _error(status: int, message: str, error_type: str) -> web.Response:
    error = {"code": status, "message": message, "metadata": {"error_type": error_type}}
    return _json({"error": error, "user_id": None}, status=status)


def _raw(body: Any, status: int, headers: Mapping[str, str]) -> web.Response:
    if isinstance(body, str):
        return web.Response(text=body, status=status, headers=headers)
    body = body or {"error": {"code": status, "message": "Provider returned error"}}
    return _json(body, status=status, headers=headers)


def _json(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=orjson.dumps(body), status=status, headers=headers, content_type="application/json"
    )


async def order_replies(request: web.Request) -> web.Response:
    request.app[SCRIPT].order_replies(await _ordered(request, Replies))
    return web.Response(status=204)


async def order_speed(request: web.Request) -> web.Response:
    request.app[SCRIPT].speed = await _ordered(request, Speed)
    return web.Response(status=204)


async def order_fault(request: web.Request) -> web.Response:
    return _json({"fault_id": request.app[SCRIPT].order_fault(await _ordered(request, Fault))})


async def list_faults(request: web.Request) -> web.Response:
    armed = request.app[SCRIPT].faults
    return _json([{"id": one.id, "kind": one.fault.kind, "hits": one.hits} for one in armed])


async def clear_faults(request: web.Request) -> web.Response:
    request.app[SCRIPT].faults.clear()
    return web.Response(status=204)


async def list_calls(request: web.Request) -> web.Response:
    script = request.app[SCRIPT]
    if "full" in request.query:
        return _json(list(script.full))
    return _json(script.journal(int(request.query.get("since", 0))))


async def reset(request: web.Request) -> web.Response:
    request.app[SCRIPT].reset()
    return web.Response(status=204)


async def _ordered(request: web.Request, order: Any) -> Any:
    """The order in the request's body; 400 with what is wrong with it."""
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > MAX_SCRIPT_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_SCRIPT_BYTES, len(body))
    try:
        return order.model_validate_json(bytes(body))
    except ValidationError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
