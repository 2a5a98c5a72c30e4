"""Whose an update is, and an update without somebody: raw updates as far as erasing must know them.

Pure. Whatever comes as an update may be malformed: nothing here raises.
"""

from collections.abc import Mapping
from typing import Any

_MAX_ID = 2**63
#: far in the future, and still a moment for PostgreSQL
_MAX_SECONDS = 2**38
#: stands where somebody was named
_NOBODY = {"id": 0, "is_bot": False, "first_name": ""}


def event_of(raw: object) -> Mapping[str, Any]:
    """What an update is about: the value beside its number."""
    if not isinstance(raw, dict):
        return {}
    event = next((value for name, value in raw.items() if name != "update_id"), None)
    return event if isinstance(event, dict) else {}


def author_of(event: Mapping[str, Any]) -> int | None:
    """The person whose doing it is. Bots are nobody: groups' admins write through a shared one."""
    for name in ("from", "user"):
        person = event.get(name)
        if isinstance(person, dict):
            return None if person.get("is_bot") else _id(person)
    chat = event.get("chat")
    return _id(chat) if isinstance(chat, dict) and chat.get("type") == "private" else None


def sent_at(event: Mapping[str, Any]) -> int | None:
    """When it was done by Telegram's clock, in seconds; None where Telegram does not tell."""
    moment = event.get("edit_date") or event.get("date")
    return moment if type(moment) is int and 0 < moment < _MAX_SECONDS else None


def without(raw: Any, user_id: int) -> Any:
    """The update of somebody else, without the messages and names of this person in it."""
    match raw:
        case {"id": id_} if id_ == user_id:
            return {**_NOBODY, **({"type": raw["type"]} if "type" in raw else {})}
        case dict():
            dropped = {name for name, value in raw.items() if _is_by(value, user_id)}
            if "reply_to_message" in dropped:
                dropped.add("quote")
            return {
                name: without(value, user_id) for name, value in raw.items() if name not in dropped
            }
        case list():
            return [without(value, user_id) for value in raw if not _is_by(value, user_id)]
        case _:
            return raw


def _is_by(value: object, user_id: int) -> bool:
    match value:
        case {"from": {"id": id_}}:
            return bool(id_ == user_id)
        case _:
            return False


def _id(named: Mapping[str, Any]) -> int | None:
    found = named.get("id")
    return found if type(found) is int and -_MAX_ID < found < _MAX_ID else None
