"""What Telegram does to a text before it is a message. Pure.

After the open server's `clean_input_string` and `fix_formatted_text` (tdlib/td, MessageEntity.cpp):
control characters become spaces, outer white space is cut and entities move along; offsets count
UTF-16 units; a message holds 4096 of them and 100 entities.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from simulator.telegram.errors import bad_request

MAX_UNITS = 4096
MAX_ENTITIES = 100
#: beyond about this many bytes the server refuses the entities of a message
MAX_ENTITY_BYTES = 9500
MAX_CAPTION_UNITS = 1024

ENTITY_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_LINK_SCHEMES = frozenset({"http", "https", "tg", "mailto", "ton"})
_LOW_SURROGATE = 0xDC
_EXCLUSIVE = frozenset({"code", "pre"})
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_DROPPED = re.compile(r"[\u2028-\u202e]|\ufeff")
_BLANK = re.compile(
    r"[\s\u200b-\u200f\u2060-\u2064\u00ad\u115f\u1160\u3164\uffa0\u2800\ufe00-\ufe0f]*"
)
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}])"
    r"|(?<!\w)(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)(?!\w)"
    r"|(?<!\w)(?P<mention>@[A-Za-z]\w{2,31})"
    r"|(?<!\w)(?P<hashtag>\#\w{1,255})"
)

Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def accept(
    text: str, entities: list[Entity], *, limit: int = MAX_UNITS, may_be_empty: bool = False
) -> tuple[str, list[Entity]]:
    """The text and entities that the message will have; raises Refused."""
    units = text.encode("utf-16-le", "surrogatepass")
    checked = [_checked(entity, len(units) // 2, units) for entity in entities]
    cleaned = _CONTROL.sub(" ", text)
    if _BLANK.fullmatch(_DROPPED.sub("", cleaned)):
        if may_be_empty:
            return "", []
        raise bad_request("message text is empty" if not text else "text must be non-empty")
    trimmed, kept = _trim(cleaned, checked)
    if utf16_length(trimmed) > limit:
        too_long = "message is too long" if limit == MAX_UNITS else "message caption is too long"
        raise bad_request(too_long)
    if sum(_size(entity) for entity in kept) > MAX_ENTITY_BYTES:
        raise bad_request("ENTITIES_TOO_LONG")
    kept = _resolved(kept)[:MAX_ENTITIES]
    return trimmed, _with_found(trimmed, kept)


def find_entities(text: str) -> list[Entity]:
    """Links, commands, mentions and hashtags that Telegram sees by itself."""
    found = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup or "url"
        found.append(
            {
                "type": kind,
                "offset": utf16_length(text[: match.start()]),
                "length": utf16_length(match[0]),
            }
        )
    return found


def _checked(entity: Any, size: int, units: bytes) -> Entity:
    if not isinstance(entity, dict) or entity.get("type") not in ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        raise bad_request("can't parse MessageEntity: receive an entity with incorrect offset")
    if offset + length > size:
        raise bad_request(f"entity beyond the end of the message text at UTF-16 offset {offset}")
    for edge in (offset, offset + length):
        if edge * 2 + 1 < len(units) and units[edge * 2 + 1] & 0xFC == _LOW_SURROGATE:
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {edge}")
    if entity["type"] == "text_link":
        _check_url(entity.get("url"))
    return entity


def _check_url(url: object) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in _LINK_SCHEMES or not (parts.netloc or parts.path):
        raise bad_request("Wrong HTTP URL specified")
    if parts.scheme in {"http", "https"} and "." not in (parts.hostname or ""):
        raise bad_request("Wrong HTTP URL specified: URL host is invalid")


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    start = utf16_length(text) - utf16_length(text.lstrip())
    trimmed = text.strip()
    end = utf16_length(trimmed)
    moved = []
    for entity in entities:
        first = max(0, entity["offset"] - start)
        last = min(end, entity["offset"] + entity["length"] - start)
        if last > first:
            moved.append({**entity, "offset": first, "length": last - first})
    return trimmed, moved


def _resolved(entities: list[Entity]) -> list[Entity]:
    """Nothing else lives inside code."""
    blocks = [entity for entity in entities if entity["type"] in _EXCLUSIVE]

    def is_inside(entity: Entity) -> bool:
        return any(
            block is not entity
            and block["offset"] <= entity["offset"]
            and entity["offset"] < block["offset"] + block["length"]
            for block in blocks
        )

    kept = [entity for entity in entities if entity in blocks or not is_inside(entity)]
    return sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities]
    free = [
        entity
        for entity in find_entities(text)
        if not any(
            a < entity["offset"] + entity["length"] and entity["offset"] < b for a, b in taken
        )
    ]
    return sorted(entities + free, key=lambda e: (e["offset"], -e["length"]))


def _size(entity: Entity) -> int:
    return 24 + len(str(entity.get("url", ""))) + len(str(entity.get("language", "")))
