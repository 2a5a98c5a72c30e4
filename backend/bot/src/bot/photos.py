"""Photographs that people send, for models that see."""

from io import BytesIO

from aiogram import Bot
from aiogram.types import Message, PhotoSize

from core.llm.model import Image

#: what providers take without making it smaller themselves
MAX_BYTES = 5 * 1024 * 1024
_SECONDS = 20
#: Telegram makes every photograph one of these
_MIME_TYPE = "image/jpeg"


class Photos:
    def __init__(self, bot: Bot, *, are_seen: bool) -> None:
        """`are_seen`: a model of this process understands images."""
        self._bot = bot
        self._are_seen = are_seen

    async def of(self, message: Message) -> tuple[Image, ...]:
        """The photograph of a message, as large as may be; none where nobody would see it.

        Raises what aiogram raises when Telegram does not hand it over.
        """
        size = _largest(message.photo or []) if self._are_seen else None
        if size is None:
            return ()
        data = BytesIO()
        await self._bot.download(size.file_id, destination=data, timeout=_SECONDS)
        return (Image(mime_type=_MIME_TYPE, data=data.getvalue()),)


def _largest(sizes: list[PhotoSize]) -> PhotoSize | None:
    small_enough = (size for size in sizes if (size.file_size or 0) <= MAX_BYTES)
    return max(small_enough, key=lambda size: size.width * size.height, default=None)
