"""The people's side: what the chat page, virtual users and tests do and see."""

import asyncio
import time
from typing import Any

import orjson
from aiohttp import web

from simulator.telegram.methods import flat, photo_sizes
from simulator.telegram.server import TELEGRAM, Telegram
from simulator.telegram.text import find_entities
from simulator.telegram.world import Chat, Json, Watcher, without_color

_KEEP_ALIVE_SECONDS = 15.0
_PERSON_FIELDS = ("first_name", "last_name", "username", "language_code")


def people_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/people/state", state),
        web.post("/people/users", add_user),
        web.post("/people/groups", add_group),
        web.get("/people/chats/{chat_id}/messages", history),
        web.post("/people/chats/{chat_id}/messages", write),
        web.post("/people/chats/{chat_id}/files", send_file),
        web.post("/people/chats/{chat_id}/messages/{message_id}/edit", edit),
        web.post("/people/chats/{chat_id}/messages/{message_id}/press", press),
        web.post("/people/chats/{chat_id}/drafts/{draft_id}/stop", stop),
        web.post("/people/chats/{chat_id}/block", block),
        web.get("/people/files/{file_id}", file),
        web.get("/people/events", events),
    ]


async def state(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    world = telegram.world
    user = world.users.get(int(request.query.get("user", 0) or 0))
    language = str((user or {}).get("language_code", ""))
    commands = telegram.bot.commands
    chats = [
        {**chat.info, "blocked": chat.is_blocked, "member_count": len(chat.members) + 1}
        for chat in world.chats.values()
        if user and user["id"] in chat.members
    ]
    return _json(
        {
            "bot": {
                **telegram.bot.user,
                "commands": commands.get(language) or commands.get("", []),
            },
            "users": list(world.users.values()),
            "chats": chats,
            "me": user,
        }
    )


async def add_user(request: web.Request) -> web.Response:
    body = await _body(request)
    person = {name: str(body[name]) for name in _PERSON_FIELDS if body.get(name)}
    if not person.get("first_name", "").strip():
        raise _bad("first_name is missing")
    return _json(request.app[TELEGRAM].world.add_user(person))


async def add_group(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    body = await _body(request)
    members = [int(user_id) for user_id in body.get("user_ids", [])]
    if not members or not str(body.get("title", "")).strip():
        raise _bad("a group needs a title and user_ids")
    strangers = [user_id for user_id in members if user_id not in telegram.world.users]
    if strangers:
        raise _bad(f"no such users: {strangers}")
    chat = telegram.world.add_group(
        str(body["title"]), members, is_forum=bool(body.get("is_forum"))
    )
    telegram.notify_bot("my_chat_member", _membership(telegram, chat, members[0], "member"), chat)
    return _json(chat.info)


async def history(request: web.Request) -> web.Response:
    chat = _chat(request)
    before = int(request.query.get("before", 0)) or None
    limit = int(request.query.get("limit", 50))
    older = [m for number, m in chat.messages.items() if before is None or number < before]
    drafts = [draft.shown() for draft in chat.drafts.values()]
    return _json({"messages": older[-limit:], "drafts": drafts})


async def write(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = _chat(request)
    body = await _body(request)
    text = str(body.get("text", ""))
    content: Json = {"text": text, "entities": find_entities(text)}
    return _sent(telegram, chat, _user(request, body), content, body)


async def send_file(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    form = await request.post()
    upload = form.get("file")
    if not isinstance(upload, web.FileField):
        raise _bad("file is missing")
    kind = str(form.get("kind", "document"))
    stored = telegram.world.add_file(upload.filename, upload.content_type, upload.file.read())
    content: Json = {"caption": str(form.get("caption", "")) or None}
    described = {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_id[-12:],
        "file_size": len(stored.content),
        "mime_type": stored.mime,
    }
    match kind:
        case "photo":
            content["photo"] = photo_sizes(stored)
        case "voice":
            content["voice"] = {**described, "duration": 3}
        case _:
            content["document"] = {**described, "file_name": stored.name}
    body = {"user_id": str(form.get("user_id", ""))}
    return _sent(telegram, _chat(request), _user(request, body), content, body)


async def edit(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = _chat(request)
    body = await _body(request)
    message = _message(request, chat)
    if message["from"]["id"] != _user(request, body)["id"]:
        raise _bad("only its author can edit a message")
    text = str(body.get("text", ""))
    telegram.world.edit_message(chat, message, {"text": text, "entities": find_entities(text)})
    telegram.notify_bot("edited_message", message, chat)
    return _json(message)


async def press(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = _chat(request)
    body = await _body(request)
    message = _message(request, chat)
    query_id = str(next(telegram.numbers) + time.time_ns())
    query = {
        "id": query_id,
        "from": without_color(_user(request, body)),
        "message": message,
        "chat_instance": str(chat.id),
        "data": str(body.get("data", "")),
    }
    telegram.notify_bot("callback_query", query, chat)
    return _json({"callback_query_id": query_id})


async def stop(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = _chat(request)
    draft = chat.drafts.get(int(request.match_info["draft_id"]))
    if draft is None or not draft.can_stop:
        raise _missing("there is no draft that could be stopped")
    event: Json = {"chat": chat.info, "draft_id": draft.draft_id}
    if draft.thread_id:
        event["message_thread_id"] = draft.thread_id
    telegram.notify_bot("stopped_message_generation", event, chat)
    telegram.world.drop_draft(chat, draft.draft_id)
    return web.Response(status=204)


async def block(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = _chat(request)
    body = await _body(request)
    chat.is_blocked = bool(body.get("blocked"))
    status = "kicked" if chat.is_blocked else "member"
    user_id = _user(request, body)["id"]
    telegram.notify_bot("my_chat_member", _membership(telegram, chat, user_id, status), chat)
    return web.Response(status=204)


async def file(request: web.Request) -> web.Response:
    found = request.app[TELEGRAM].world.files.get(request.match_info["file_id"])
    if found is None:
        raise _missing("no such file")
    headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    mime = found.mime if found.mime.startswith("image/") and "svg" not in found.mime else ""
    return web.Response(
        body=found.content, content_type=mime or "application/octet-stream", headers=headers
    )


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events, until the reader goes."""
    world = request.app[TELEGRAM].world
    who = request.query.get("user", "")
    watcher = Watcher(None if who == "all" else int(who or 0))
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    )
    await response.prepare(request)
    world.watchers.add(watcher)
    try:
        await response.write(b": here\n\n")
        while True:
            await _send_events(response, watcher)
    except ConnectionError:
        return response
    finally:
        world.watchers.discard(watcher)


async def _send_events(response: web.StreamResponse, watcher: Watcher) -> None:
    try:
        async with asyncio.timeout(_KEEP_ALIVE_SECONDS):
            await watcher.news.wait()
    except TimeoutError:
        await response.write(b": still here\n\n")
        return
    watcher.news.clear()
    batch = []
    while watcher.events:
        batch.append(b"data: " + watcher.events.popleft() + b"\n\n")
    if batch:
        await response.write(b"".join(batch))


def _sent(telegram: Telegram, chat: Chat, author: Json, content: Json, body: Json) -> web.Response:
    """Put a person's message into the chat and tell the bot."""
    if thread := body.get("message_thread_id"):
        content |= {"message_thread_id": int(thread), "is_topic_message": True}
    if answered := chat.messages.get(int(body.get("reply_to_message_id") or 0)):
        content["reply_to_message"] = flat(answered)
    if content.get("text") == "":
        raise _bad("the message is empty")
    if author["id"] not in chat.members:
        raise _bad("this person is not a member of the chat")
    message = telegram.world.add_message(chat, author, content)
    update_id = telegram.notify_bot("message", message, chat)
    return _json({"message": message, "update_id": update_id})


def _membership(telegram: Telegram, chat: Chat, user_id: int, status: str) -> Json:
    bot = telegram.bot.user
    former = "member" if status == "kicked" else "left"
    new: Json = {"user": bot, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    return {
        "chat": chat.info,
        "from": without_color(telegram.world.users[user_id]),
        "date": int(time.time()),
        "old_chat_member": {"user": bot, "status": former},
        "new_chat_member": new,
    }


def _chat(request: web.Request) -> Chat:
    try:
        return request.app[TELEGRAM].world.chats[int(request.match_info["chat_id"])]
    except (KeyError, ValueError):
        raise _missing("no such chat") from None


def _message(request: web.Request, chat: Chat) -> Json:
    try:
        return chat.messages[int(request.match_info["message_id"])]
    except (KeyError, ValueError):
        raise _missing("no such message") from None


def _user(request: web.Request, body: Json) -> Json:
    try:
        return request.app[TELEGRAM].world.users[int(body.get("user_id") or 0)]
    except (KeyError, ValueError):
        raise _bad("user_id names nobody") from None


async def _body(request: web.Request) -> Json:
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise _bad("the body is not JSON") from None
    if not isinstance(body, dict):
        raise _bad("the body is not an object")
    return body


def _bad(sentence: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(
        body=orjson.dumps({"detail": sentence}), content_type="application/json"
    )


def _missing(sentence: str) -> web.HTTPNotFound:
    return web.HTTPNotFound(
        body=orjson.dumps({"detail": sentence}), content_type="application/json"
    )


def _json(body: Any) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json")
