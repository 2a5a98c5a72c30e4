"""Credentials of HTTP Basic (RFC 7617). Pure. The framework's own reader knows ASCII only."""

import base64
import binascii
import unicodedata
from dataclasses import dataclass, field

#: of the header's value
MAX_BYTES = 1024


class Unreadable(Exception):
    """The header is not HTTP Basic with a name and a password in UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    name: str
    password: str = field(repr=False)


def parse(header: str) -> Credentials:
    """Read the value of an Authorization header; raises Unreadable. ASCII names get lower case."""
    scheme, _, value = header.partition(" ")
    if len(header) > MAX_BYTES or scheme.lower() != "basic":
        raise Unreadable
    name, colon, password = _decode(value.strip(" ")).partition(":")
    if not colon or _has_control(name) or _has_control(password):
        raise Unreadable
    return Credentials(name=name.lower() if name.isascii() else name, password=password)


def _decode(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        raise Unreadable from None


def _has_control(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)
