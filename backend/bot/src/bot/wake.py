"""Waking a loop that polls: at once when there is news, after a while in any case."""

import asyncio


class Wake:
    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.is_closed = False

    def set(self) -> None:
        self._event.set()

    def close(self) -> None:
        """The loop shall end."""
        self.is_closed = True
        self._event.set()

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()
