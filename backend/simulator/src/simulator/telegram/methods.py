"""The Bot API's methods, as far as Parley's bot uses them.

Each takes a `Call` and returns the `result`, or raises Refused with Telegram's own words.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from simulator.telegram import text as texts
from simulator.telegram.accounts import Account
from simulator.telegram.errors import Refused, bad_request, forbidden
from simulator.telegram.membership import bot_status, member
from simulator.telegram.server import Telegram
from simulator.telegram.world import DRAFT_SECONDS, Chat, Draft, Json

Method = Callable[["Call"], Any]
METHODS: dict[str, Method] = {}
#: calls that flood control counts
PACED = {
    "sendmessage",
    "editmessagetext",
    "editmessagereplymarkup",
    "sendmessagedraft",
    "senddocument",
    "sendphoto",
    "sendchataction",
}


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass(slots=True)
class Call:
    telegram: Telegram
    account: Account
    params: Json
    uploads: dict[str, Upload]

    def string(self, name: str) -> str:
        value = self.params.get(name)
        return value if isinstance(value, str) else "" if value is None else str(value)

    def integer(self, name: str) -> int | None:
        value = self.params.get(name)
        try:
            return None if value in (None, "") else int(value)
        except (TypeError, ValueError):
            raise bad_request(f"invalid {name} specified") from None

    def boolean(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in {"true", "1"}

    def value(self, name: str) -> Any:
        """A JSON value, given as such or as text."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value) if value else None
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def chat(self) -> Chat:
        given = self.params.get("chat_id")
        if given in (None, ""):
            raise bad_request("chat_id is empty")
        try:
            chat = self.telegram.world.chats.get(int(str(given)))
        except ValueError:
            chat = None
        if chat is None:
            raise bad_request("chat not found")
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def chat_id(self) -> int | None:
        try:
            return int(str(self.params.get("chat_id")))
        except ValueError:
            return None

    def message(self, chat: Chat, complaint: str) -> Json:
        found = chat.messages.get(self.integer("message_id") or 0)
        if found is None:
            raise bad_request(complaint)
        return found

    def text(self, name: str = "text", **limits: Any) -> tuple[str, list[Json]]:
        if self.string("parse_mode"):
            raise bad_request("parse_mode is not simulated: send entities")
        entities = self.value("caption_entities" if name == "caption" else "entities")
        return texts.accept(self.string(name), entities or [], **limits)


def method(function: Method) -> Method:
    METHODS[function.__name__.replace("_", "")] = function
    return function


@method
def get_me(call: Call) -> Json:
    return {
        **call.account.user,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method
def send_message(call: Call) -> Json:
    chat = call.chat()
    text, entities = call.text()
    return _post(call, chat, {"text": text, "entities": entities, **_placed(call, chat)})


@method
def send_document(call: Call) -> Json:
    chat = call.chat()
    file = _file(call, "document")
    document = {
        "file_id": file.file_id,
        "file_unique_id": file.file_id[-12:],
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": len(file.content),
    }
    return _post(call, chat, {"document": document, **_captioned(call), **_placed(call, chat)})


@method
def send_photo(call: Call) -> Json:
    chat = call.chat()
    return _post(
        call,
        chat,
        {"photo": photo_sizes(_file(call, "photo")), **_captioned(call), **_placed(call, chat)},
    )


@method
def edit_message_text(call: Call) -> Json:
    chat = call.chat()
    message = _own(call, call.message(chat, "message to edit not found"))
    text, entities = call.text()
    changes = {"text": text, "entities": entities, "reply_markup": _markup(call)}
    return _changed(call, chat, message, changes)


@method
def edit_message_reply_markup(call: Call) -> Json:
    chat = call.chat()
    message = _own(call, call.message(chat, "message to edit not found"))
    return _changed(call, chat, message, {"reply_markup": _markup(call)})


@method
def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.message(chat, "message to delete not found")
    call.telegram.world.delete_message(chat, message["message_id"])
    return True


@method
def send_message_draft(call: Call) -> bool:
    chat = call.chat()
    if not chat.is_private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    draft_id = call.integer("draft_id")
    if not draft_id:
        raise bad_request("draft_id must be non-zero")
    text, entities = call.text(may_be_empty=True)
    world = call.telegram.world
    expires = asyncio.get_running_loop().call_later(DRAFT_SECONDS, world.drop_draft, chat, draft_id)
    draft = Draft(
        bot_id=call.account.id,
        draft_id=draft_id,
        text=text,
        entities=entities,
        can_stop=call.boolean("can_stop"),
        thread_id=call.integer("message_thread_id"),
        expires=expires,
    )
    world.put_draft(chat, draft)
    return True


@method
def send_chat_action(call: Call) -> bool:
    chat = call.chat()
    event = {"type": "action", "chat_id": chat.id, "action": call.string("action")}
    call.telegram.world.tell(chat.members, event)
    return True


@method
def answer_callback_query(call: Call) -> bool:
    event = {
        "type": "callback_answer",
        "callback_query_id": call.string("callback_query_id"),
        "text": call.string("text"),
        "show_alert": call.boolean("show_alert"),
    }
    call.telegram.world.tell(call.telegram.world.users, event)
    return True


@method
def set_message_reaction(call: Call) -> bool:
    call.message(call.chat(), "message to react not found")
    return True


@method
def set_my_commands(call: Call) -> bool:
    commands = call.value("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    call.account.commands[call.string("language_code")] = commands
    return True


@method
def get_my_commands(call: Call) -> list[dict[str, str]]:
    return call.account.commands.get(call.string("language_code"), [])


@method
def delete_my_commands(call: Call) -> bool:
    call.account.commands.pop(call.string("language_code"), None)
    return True


@method
def set_my_description(call: Call) -> bool:
    call.account.profile["description"] = call.string("description")
    return True


@method
def set_my_short_description(call: Call) -> bool:
    call.account.profile["short_description"] = call.string("short_description")
    return True


@method
def get_my_name(call: Call) -> Json:
    return {"name": call.account.user["first_name"]}


@method
def get_chat(call: Call) -> Json:
    chat = call.chat()
    accepted = {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    }
    return {
        **chat.info,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": accepted,
    }


@method
def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    user_id = call.integer("user_id") or 0
    if user_id == call.account.id:
        return member(call.account.user, bot_status(chat))
    user = call.telegram.world.users.get(user_id)
    if user is None or user_id not in chat.members:
        raise bad_request("member not found")
    return member(user, "member")


@method
def get_file(call: Call) -> Json:
    file = call.telegram.world.files.get(call.string("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.file_id[-12:],
        "file_size": len(file.content),
        "file_path": f"documents/{file.file_id}",
    }


@method
def set_webhook(call: Call) -> bool:
    url = call.string("url")
    if not url:
        return bool(delete_webhook(call))
    allowed = call.value("allowed_updates")
    if call.boolean("drop_pending_updates"):
        call.account.updates.clear()
    call.account.set_webhook(url, call.string("secret_token") or None, allowed)
    return True


@method
def delete_webhook(call: Call) -> bool:
    if call.boolean("drop_pending_updates"):
        call.account.updates.clear()
    call.account.delete_webhook()
    return True


@method
def get_webhook_info(call: Call) -> Json:
    webhook = call.account.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.account.updates),
    }
    if webhook and webhook.last_error:
        info["last_error_message"] = webhook.last_error
    return info


def photo_sizes(file: Any) -> list[Json]:
    """One size: the simulator does not scale pictures."""
    return [
        {
            "file_id": file.file_id,
            "file_unique_id": file.file_id[-12:],
            "width": 640,
            "height": 480,
            "file_size": len(file.content),
        }
    ]


def _post(call: Call, chat: Chat, content: Json) -> Json:
    world = call.telegram.world
    message = world.add_message(chat, call.account.user, content)
    world.drop_drafts(chat, call.integer("message_thread_id"))
    return message


def _placed(call: Call, chat: Chat) -> Json:
    """Where in the chat: thread, the message replied to, and the buttons below."""
    placed: Json = {"reply_markup": _markup(call)}
    if thread := call.integer("message_thread_id"):
        if not chat.info.get("is_forum"):
            raise bad_request("message thread not found")
        placed |= {"message_thread_id": thread, "is_topic_message": True}
    reply = call.value("reply_parameters")
    reply = (
        reply if isinstance(reply, dict) else {"message_id": call.integer("reply_to_message_id")}
    )
    if reply.get("message_id"):
        answered = chat.messages.get(int(reply["message_id"]))
        if answered is not None:
            placed["reply_to_message"] = flat(answered)
        elif not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    return placed


def flat(message: Json) -> Json:
    """A message inside another one carries no third."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _captioned(call: Call) -> Json:
    if not call.string("caption"):
        return {}
    caption, entities = call.text("caption", limit=texts.MAX_CAPTION_UNITS)
    return {"caption": caption, "caption_entities": entities}


def _markup(call: Call) -> Json | None:
    markup = call.value("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if len(str(button.get("callback_data", "")).encode()) > 64:  # noqa: PLR2004 - the API's
                raise bad_request("BUTTON_DATA_INVALID")
    return markup


def _own(call: Call, message: Json) -> Json:
    if message["from"]["id"] != call.account.id:
        raise bad_request("message can't be edited")
    return message


def _changed(call: Call, chat: Chat, message: Json, changes: Json) -> Json:
    if all((message.get(name) or None) == (value or None) for name, value in changes.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    return call.telegram.world.edit_message(chat, message, changes)


def _file(call: Call, name: str) -> Any:
    """An upload, or a file that is already there by its id."""
    given = call.string(name)
    world = call.telegram.world
    if given in world.files:
        return world.files[given]
    upload = call.uploads.get(given.removeprefix("attach://") if given else name)
    if upload is None:
        raise bad_request(f"there is no {name} in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    return world.add_file(upload.name, upload.mime, upload.content)


__all__ = ["METHODS", "PACED", "Call", "Refused", "Upload", "flat", "photo_sizes"]
