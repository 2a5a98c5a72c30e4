"""The people's side: what the chat page, virtual users and tests do and see."""

import asyncio
import time

from aiohttp import web

from simulator.telegram import membership
from simulator.telegram.asking import (
    as_json,
    bad,
    body_of,
    missing,
    named_chat,
    named_member,
    named_message,
    named_user,
)
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
        web.post("/people/chats/{chat_id}/administrator", promote),
        web.get("/people/files/{file_id}", file),
        web.get("/people/events", events),
    ]


async def state(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    world = telegram.world
    user = world.users.get(int(request.query.get("user", 0) or 0))
    language = str((user or {}).get("language_code", ""))
    commands = telegram.bot.commands
    chats = [_shown(chat) for chat in world.chats.values() if user and user["id"] in chat.members]
    return as_json(
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
    body = await body_of(request)
    person = {name: str(body[name]) for name in _PERSON_FIELDS if body.get(name)}
    if not person.get("first_name", "").strip():
        raise bad("first_name is missing")
    return as_json(request.app[TELEGRAM].world.add_user(person))


async def add_group(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    body = await body_of(request)
    members = [int(user_id) for user_id in body.get("user_ids", [])]
    if not members or not str(body.get("title", "")).strip():
        raise bad("a group needs a title and user_ids")
    strangers = [user_id for user_id in members if user_id not in telegram.world.users]
    if strangers:
        raise bad(f"no such users: {strangers}")
    chat = telegram.world.add_group(
        str(body["title"]), members, is_forum=bool(body.get("is_forum"))
    )
    membership.tell_bot(telegram, chat, members[0], former="left")
    return as_json(chat.info)


async def history(request: web.Request) -> web.Response:
    chat = named_chat(request)
    before = int(request.query.get("before", 0)) or None
    limit = int(request.query.get("limit", 50))
    older = [m for number, m in chat.messages.items() if before is None or number < before]
    drafts = [draft.shown() for draft in chat.drafts.values()]
    page = older[-limit:]
    shown_ids = [message["message_id"] for message in page]
    return as_json({"messages": page, "drafts": drafts, "reactions": chat.reactions_to(shown_ids)})


async def write(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = named_chat(request)
    body = await body_of(request)
    text = str(body.get("text", ""))
    content: Json = {"text": text, "entities": find_entities(text)}
    return _sent(telegram, chat, named_user(request, body), content, body)


async def send_file(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    form = await request.post()
    upload = form.get("file")
    if not isinstance(upload, web.FileField):
        raise bad("file is missing")
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
    return _sent(telegram, named_chat(request), named_user(request, body), content, body)


async def edit(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = named_chat(request)
    body = await body_of(request)
    message = named_message(request, chat)
    if message["from"]["id"] != named_user(request, body)["id"]:
        raise bad("only its author can edit a message")
    text = str(body.get("text", ""))
    telegram.world.edit_message(chat, message, {"text": text, "entities": find_entities(text)})
    telegram.notify_bot("edited_message", message, chat)
    return as_json(message)


async def press(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = named_chat(request)
    body = await body_of(request)
    message = named_message(request, chat)
    query_id = str(next(telegram.numbers) + time.time_ns())
    query = {
        "id": query_id,
        "from": without_color(named_user(request, body)),
        "message": message,
        "chat_instance": str(chat.id),
        "data": str(body.get("data", "")),
    }
    telegram.notify_bot("callback_query", query, chat)
    return as_json({"callback_query_id": query_id})


async def stop(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = named_chat(request)
    draft = chat.drafts.get(int(request.match_info["draft_id"]))
    if draft is None or not draft.can_stop:
        raise missing("there is no draft that could be stopped")
    event: Json = {"chat": chat.info, "draft_id": draft.draft_id}
    if draft.thread_id:
        event["message_thread_id"] = draft.thread_id
    telegram.notify_bot("stopped_message_generation", event, chat)
    telegram.world.drop_draft(chat, draft.draft_id)
    return web.Response(status=204)


async def block(request: web.Request) -> web.Response:
    telegram = request.app[TELEGRAM]
    chat = named_chat(request)
    body = await body_of(request)
    user_id = named_user(request, body)["id"]
    former = membership.bot_status(chat)
    chat.is_blocked = bool(body.get("blocked"))
    membership.tell_bot(telegram, chat, user_id, former=former)
    return web.Response(status=204)


async def promote(request: web.Request) -> web.Response:
    """Make the bot an administrator of a group, or a plain member again."""
    telegram = request.app[TELEGRAM]
    chat = named_chat(request)
    if chat.is_private:
        raise bad("a private chat has no administrators")
    body = await body_of(request)
    user_id = named_member(request, chat, body)["id"]
    former = membership.bot_status(chat)
    chat.is_bot_admin = bool(body.get("administrator"))
    membership.tell_bot(telegram, chat, user_id, former=former)
    telegram.world.tell(chat.members, {"type": "chat", "chat": _shown(chat)})
    return as_json(_shown(chat))


async def file(request: web.Request) -> web.Response:
    found = request.app[TELEGRAM].world.files.get(request.match_info["file_id"])
    if found is None:
        raise missing("no such file")
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


def _shown(chat: Chat) -> Json:
    """A chat with what its members know of it."""
    return {
        **chat.info,
        "blocked": chat.is_blocked,
        "bot_is_administrator": chat.is_bot_admin,
        "member_count": len(chat.members) + 1,
    }


def _sent(telegram: Telegram, chat: Chat, author: Json, content: Json, body: Json) -> web.Response:
    """Put a person's message into the chat and tell the bot."""
    if thread := body.get("message_thread_id"):
        content |= {"message_thread_id": int(thread), "is_topic_message": True}
    if answered := chat.messages.get(int(body.get("reply_to_message_id") or 0)):
        content["reply_to_message"] = flat(answered)
    if content.get("text") == "":
        raise bad("the message is empty")
    if author["id"] not in chat.members:
        raise bad("this person is not a member of the chat")
    message = telegram.world.add_message(chat, author, content)
    update_id = telegram.notify_bot("message", message, chat)
    return as_json({"message": message, "update_id": update_id})
