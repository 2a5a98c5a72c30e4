"""Updates from Telegram into the inbox, each committed before it is confirmed.

aiogram's own polling and webhook confirm an update when its handler starts, which loses it in a
crash. Here an update is understood just enough to queue it; aiogram sees it later, from the inbox.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from core.chat import updates
from core.chat.inbox import Incoming, lane_of

#: what stops an answer, or tells of the bot: it does not wait for the answer that is being written
_AT_ONCE = frozenset({"/stop", "/status", "/delete", "/help", "/privacy", "/usage"})

#: the kinds of update the handlers know; Telegram remembers the list and sends no others
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "stopped_message_generation",
)


def describe(raw: object) -> Incoming:
    """Tell what is needed to queue an update; one that makes no sense is described as dead."""
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return _unusable(raw)
    kind = next((name for name in raw if name != "update_id"), "empty")
    event = updates.event_of(raw)
    return Incoming(
        update_id=raw["update_id"],
        identity=_identity(kind, event, raw),
        lane=_lane(kind, event),
        kind=kind,
        raw=json.dumps(raw),  # ASCII: NUL and lone surrogates stay escapes
        user_id=updates.author_of(event),
        sent_at=updates.sent_at(event),
    )


def describe_text(body: str) -> Incoming:
    """The same for JSON text; raises ValueError when it is none."""
    return describe(json.loads(body))


def _unusable(raw: object) -> Incoming:
    body = json.dumps(raw)
    return Incoming(
        update_id=0,
        identity=_digest(body),
        lane=None,
        kind="unknown",
        raw=body,
        reason="not an update: no object with an update_id",
    )


def _identity(kind: str, event: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    chat = event.get("chat")
    if isinstance(chat, dict) and "message_id" in event:
        moment = event.get("edit_date") or event.get("date")
        return f"{kind}:{chat.get('id')}:{event['message_id']}:{moment}"
    return f"{kind}:{_digest(json.dumps(raw, sort_keys=True))}"


def _digest(body: str) -> str:
    return hashlib.blake2b(body.encode(), digest_size=12).hexdigest()


def _lane(kind: str, event: Mapping[str, Any]) -> str | None:
    """Order matters within a chat's thread; what interrupts an answer must not wait for it.

    A reaction waits too: the one that takes another back must come after it, and one to an answer
    that is still being written finds it afterwards. It names no thread, so it goes in lane 0.
    What becomes of the bot in a chat has an order of its own: it concerns what waits there.
    """
    chat = event.get("chat")
    if kind in {"callback_query", "stopped_message_generation"} or not isinstance(chat, dict):
        return None
    if kind == "message" and _is_urgent(event.get("text")):
        return None
    if kind == "my_chat_member":
        return lane_of(chat.get("id"), kind)
    thread = event.get("message_thread_id") if event.get("is_topic_message") else None
    return lane_of(chat.get("id"), thread)


def _is_urgent(text: object) -> bool:
    if not isinstance(text, str):
        return False
    word = text.split(maxsplit=1)[:1]
    return bool(word) and word[0].split("@")[0].lower() in _AT_ONCE
