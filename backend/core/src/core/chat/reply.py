"""The port to the place where an answer appears.

The core knows neither Telegram nor its formatting: it shows the growing text to a sink and stores
the parts the sink makes of the finished one.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from core.chat.caps import Exceeded
from core.chat.outbox import Part
from core.chat.values import Turn

#: takes the whole text so far; never waits, and may pass over any state but the newest
Show = Callable[[str], None]


class Sentence(Enum):
    """What the product itself has to say; the sink knows the person's language."""

    FAILED = auto()
    WAITING = auto()
    DECLINED = auto()
    TOO_LONG = auto()
    NOTHING_TO_READ = auto()
    ONLY_TEXT = auto()
    STOPPED = auto()
    BROKEN_OFF = auto()
    LENGTH_REACHED = auto()


class ReplySink(Protocol):
    def live(self, turn: Turn) -> AbstractAsyncContextManager[Show]:
        """Show the answer while it grows; when the block ends nothing more is shown."""
        ...

    def compose(self, markdown: str, *, note: Sentence | None = None) -> Sequence[Part]:
        """Render a finished answer, with the product's note below it."""
        ...

    def say(self, sentence: Sentence, turn_id: UUID | None = None) -> Sequence[Part]:
        """The product's own words; below them what may be done about a turn, if it is given."""
        ...

    def refuse(self, exceeded: Exceeded) -> Sequence[Part]:
        """Tell which cap a question would exceed, and when to come back."""
        ...

    @property
    def placeholder_message_id(self) -> int | None:
        """The message that `live` has put up and that the answer's first part replaces."""
        ...
