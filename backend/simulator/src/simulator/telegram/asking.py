"""What a request of a person names, and the sentences with which it is refused."""

from typing import Any

import orjson
from aiohttp import web

from simulator.telegram.server import TELEGRAM
from simulator.telegram.world import Chat, Json


def named_chat(request: web.Request) -> Chat:
    try:
        return request.app[TELEGRAM].world.chats[int(request.match_info["chat_id"])]
    except (KeyError, ValueError):
        raise missing("no such chat") from None


def named_message(request: web.Request, chat: Chat) -> Json:
    try:
        return chat.messages[int(request.match_info["message_id"])]
    except (KeyError, ValueError):
        raise missing("no such message") from None


def named_user(request: web.Request, body: Json) -> Json:
    try:
        return request.app[TELEGRAM].world.users[int(body.get("user_id") or 0)]
    except (KeyError, ValueError):
        raise bad("user_id names nobody") from None


def named_member(request: web.Request, chat: Chat, body: Json) -> Json:
    user = named_user(request, body)
    if user["id"] not in chat.members:
        raise bad("this person is not a member of the chat")
    return user


async def body_of(request: web.Request) -> Json:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise bad("the body is not JSON") from None
    if not isinstance(body, dict):
        raise bad("the body is not an object")
    return body


def bad(sentence: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=_detail(sentence), content_type="application/json")


def missing(sentence: str) -> web.HTTPNotFound:
    return web.HTTPNotFound(text=_detail(sentence), content_type="application/json")


def as_json(body: Any) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")


def _detail(sentence: str) -> str:
    return orjson.dumps({"detail": sentence}).decode()
