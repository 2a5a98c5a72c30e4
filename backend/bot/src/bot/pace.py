"""Telegram's limit for a bot as a whole: so many calls a second, shared by its processes.

Every call of this process counts, whoever makes it, since the pace stands around them all. Parts of
answers and previews are made only while there is room; the rest are few, and nobody asks them.
Parts come first. What only shows that an answer grows takes what is left over, never more than
half, and is dropped where nothing is. But a tenth is kept for people who have not seen a sign of
life for long: with answers that take minutes, each of them sees one now and then, however many
parts wait.
"""

import time
from collections import deque
from collections.abc import Callable

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType

#: a loop that may send at once still looks around now and then
_IDLE_SECONDS = 1.0


class Pace(BaseRequestMiddleware):
    def __init__(
        self, calls_per_second: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """0: as fast as can be."""
        self._all = calls_per_second
        self._clock = clock
        self._calls: deque[float] = deque()
        #: of these, the ones out of the tenth
        self._signs: deque[float] = deque()
        self.share_with(1)

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if not isinstance(method, GetUpdates):  # it waits at Telegram, and shows nothing
            self.count()
        return await make_request(bot, method)

    def share_with(self, processes: int) -> None:
        """So many processes of the bot send at the moment, this one included."""
        share = self._all / max(1, processes)
        #: calls within so many seconds; less than one a second is one in more
        self._limit = max(1, int(share))
        self._seconds = max(1.0, 1 / share) if share else 0.0
        self._kept = round(self._limit / 10)

    @property
    def is_off(self) -> bool:
        return self._all == 0

    def count(self) -> None:
        """A call is made."""
        if self._all:
            self._calls.append(self._clock())

    def room(self) -> int:
        """How many parts may be sent now."""
        if not self._all:
            return _PLENTY
        self._forget()
        return max(0, self._for_parts - len(self._calls))

    def spare(self, *, is_overdue: bool) -> bool:
        """Whether what nobody would miss may be shown now; it is overdue for who has not seen
        anything for long.
        """
        if not self._all:
            return True
        self._forget()
        if len(self._calls) < max(1, self._limit // 2):
            return True
        is_kept = is_overdue and len(self._signs) < self._kept and len(self._calls) < self._limit
        if is_kept:
            self._signs.append(self._clock())
        return is_kept

    def pause(self) -> float:
        """Seconds until there is room again, or until it is time to look around."""
        if self.room() > 0:
            return _IDLE_SECONDS
        return min(_IDLE_SECONDS, self._calls[-self._for_parts] + self._seconds - self._clock())

    @property
    def _for_parts(self) -> int:
        return self._limit - self._kept + len(self._signs)

    def _forget(self) -> None:
        past = self._clock() - self._seconds
        for moments in (self._calls, self._signs):
            while moments and moments[0] <= past:
                moments.popleft()


_PLENTY = 1_000_000
