"""Which addresses Telegram takes as a link; one that it refuses costs the whole message."""

import re

_HOST = r"(?:\w(?:[\w-]{0,62}\w)?\.)+\w(?:[\w-]{0,62}\w)?"
_LINKABLE = re.compile(
    rf"https?://{_HOST}(?::\d{{1,5}})?(?:[/?#].*)?|mailto:[^@/?:]+@{_HOST}(?:\?.*)?|tg://\w+(?:\?.*)?",
    re.IGNORECASE,
)
_MAX_BYTES = 2048


def is_linkable(url: str) -> bool:
    """Absolute, with a host where its scheme has one, and without blanks."""
    return (
        len(url.encode()) <= _MAX_BYTES
        and url.isprintable()
        and " " not in url
        and _LINKABLE.fullmatch(url) is not None
    )
