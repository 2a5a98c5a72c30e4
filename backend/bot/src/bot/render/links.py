"""Which addresses Telegram takes as a link; one that it refuses costs the whole message.

tg://emoji names a picture and no place.
"""

import re

_LABEL = r"(?!-)[\w-]{1,64}(?<!-)"
_HOST = rf"{_LABEL}(?:\.{_LABEL})+"
_LINKABLE = re.compile(
    rf"https?://{_HOST}(?::(?P<port>\d{{1,5}}))?(?:[/?#].*)?"
    rf"|mailto:[^@/?:#]+@{_HOST}(?:[?#].*)?"
    r"|tg://(?!emoji\b)\w+(?:[?#].*)?",
    re.IGNORECASE,
)
_MAX_BYTES = 2048
_MAX_PORT = 65_535


def is_linkable(url: str) -> bool:
    """Absolute, with a host where its scheme has one, and without blanks."""
    if not url.isprintable() or " " in url or len(url.encode()) > _MAX_BYTES:
        return False
    address = _LINKABLE.fullmatch(url)
    return address is not None and 0 < int(address["port"] or 1) <= _MAX_PORT
