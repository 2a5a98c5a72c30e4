"""Flood control: about a message a second in a chat, 20 a minute in a group, 30 a second over all.

Short bursts pass. A caller that goes on gets 429 with the seconds to wait; Telegram publishes no
exact numbers, these are the ones its FAQ names.
"""

import math
from dataclasses import dataclass, field

CHAT_PER_SECOND = 1.0
CHAT_BURST = 5.0
GROUP_PER_SECOND = 20 / 60
GROUP_BURST = 20.0
ALL_PER_SECOND = 30.0
ALL_BURST = 60.0
#: the shortest penalty that is given
SHORTEST_WAIT = 3


@dataclass(slots=True)
class Bucket:
    rate: float
    burst: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; 0 takes it."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate


@dataclass(slots=True)
class Flood:
    is_on: bool = True
    _chats: dict[int, Bucket] = field(default_factory=dict)
    _all: dict[int, Bucket] = field(default_factory=dict)
    _until: dict[int, float] = field(default_factory=dict)

    def penalty(self, bot_id: int, chat_id: int, *, is_group: bool, now: float) -> int:
        """Seconds the caller is told to wait; 0 lets the call pass."""
        if not self.is_on:
            return 0
        if (left := self._until.get(chat_id, 0.0) - now) > 0:
            return math.ceil(left)
        rate, burst = (GROUP_PER_SECOND, GROUP_BURST) if is_group else (CHAT_PER_SECOND, CHAT_BURST)
        chat = self._chats.setdefault(chat_id, Bucket(rate, burst, burst, now))
        everything = self._all.setdefault(bot_id, Bucket(ALL_PER_SECOND, ALL_BURST, ALL_BURST, now))
        wait = max(chat.wait(now), everything.wait(now))
        if wait == 0:
            return 0
        seconds = max(SHORTEST_WAIT, math.ceil(wait))
        self._until[chat_id] = now + seconds
        return seconds

    def reset(self) -> None:
        self._chats.clear()
        self._all.clear()
        self._until.clear()
