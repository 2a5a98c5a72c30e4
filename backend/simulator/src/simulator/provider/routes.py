"""The provider's HTTP: what clients ask of it, and how it is scripted.

Clients: /api/v1/models, /key, /generation, /chat/completions, as OpenRouter answers them.
Scripts: /script/provider/replies, /speed, /faults, /calls, /reset.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from pydantic import ValidationError

from simulator.provider.prompt import Prompt
from simulator.provider.provider import Provider
from simulator.provider.script import Fault, Order, Replies, Speed
from simulator.provider.wire import Refusal, json_response, read_body

MAX_PROMPT_BYTES = 8 * 1024 * 1024
MAX_ORDER_BYTES = 64 * 1024 * 1024

Handler = Callable[[web.Request, Provider], Awaitable[web.StreamResponse]]
OrderType = TypeVar("OrderType", bound=Order)


def provider_routes(provider: Provider | None = None) -> list[web.AbstractRouteDef]:
    """Routes around one provider, a new one unless it is given."""
    provider = provider or Provider()

    def at(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request, provider)
            except Refusal as refusal:
                return refusal.response()

        return handle

    return [
        web.get("/api/v1/models", at(models)),
        web.get("/api/v1/key", at(key)),
        web.get("/api/v1/generation", at(generation)),
        web.post("/api/v1/chat/completions", at(complete)),
        web.post("/script/provider/replies", at(order_replies)),
        web.post("/script/provider/speed", at(order_speed)),
        web.get("/script/provider/faults", at(list_faults)),
        web.post("/script/provider/faults", at(order_fault)),
        web.delete("/script/provider/faults", at(clear_faults)),
        web.get("/script/provider/calls", at(list_calls)),
        web.post("/script/provider/reset", at(reset)),
    ]


async def models(_: web.Request, provider: Provider) -> web.Response:
    return json_response(provider.models())


async def key(request: web.Request, provider: Provider) -> web.Response:
    provider.require_key(request)
    return json_response(provider.key())


async def generation(request: web.Request, provider: Provider) -> web.Response:
    provider.require_key(request)
    return json_response(provider.generation(request.query.get("id", "")))


async def complete(request: web.Request, provider: Provider) -> web.StreamResponse:
    prompt = Prompt.read(await read_body(request, limit=MAX_PROMPT_BYTES))
    completion = provider.completion(request, prompt)
    return await completion.answer(refusal=provider.refusal(request))


async def order_replies(request: web.Request, provider: Provider) -> web.Response:
    provider.script.add_replies(await _order(request, Replies))
    return web.Response(status=204)


async def order_speed(request: web.Request, provider: Provider) -> web.Response:
    provider.script.speed = await _order(request, Speed)
    return web.Response(status=204)


async def order_fault(request: web.Request, provider: Provider) -> web.Response:
    return json_response({"fault_id": provider.script.add_fault(await _order(request, Fault))})


async def list_faults(_: web.Request, provider: Provider) -> web.Response:
    return json_response(
        [
            {"fault_id": armed.fault_id, "kind": armed.fault.kind, "hits": armed.hits}
            for armed in provider.script.faults
        ]
    )


async def clear_faults(_: web.Request, provider: Provider) -> web.Response:
    provider.script.faults.clear()
    return web.Response(status=204)


async def list_calls(request: web.Request, provider: Provider) -> web.Response:
    since, journal = int(request.query.get("since", "0")), provider.journal
    is_full = request.query.get("full", "0") not in {"", "0", "false"}
    return json_response(journal.full_since(since) if is_full else journal.since(since))


async def reset(_: web.Request, provider: Provider) -> web.Response:
    provider.reset()
    return web.Response(status=204)


async def _order(request: web.Request, order: type[OrderType]) -> OrderType:
    """The order in the body; raises Refusal with what is wrong with it."""
    body = await read_body(request, limit=MAX_ORDER_BYTES)
    try:
        return order.model_validate_json(body)
    except ValidationError as error:
        raise Refusal(400, "invalid_request", str(error)) from None
