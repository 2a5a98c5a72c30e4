"""Keys made by the application, so that a row can be referred to before it is written."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    return id_at(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big"))


def id_at(milliseconds: int, chance: int) -> UUID:
    """A UUID version 7 (RFC 9562): milliseconds since 1970, then 74 of 80 random bits."""
    value = (milliseconds & (1 << 48) - 1) << 80 | chance
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
