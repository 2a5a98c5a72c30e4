"""The values that a turn is made of."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from core.chat.outbox import Address
from core.llm.model import Completion, Image, PromptMessage
from core.llm.usage import NOTHING, Usage


class Verdict(StrEnum):
    """How a turn ends, once the person has been told."""

    ANSWERED = "answered"
    ANSWERED_PARTIAL = "answered_partial"
    DECLINED = "declined"
    FAILED_TOLD = "failed_told"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message that wants an answer. `text` is sanitized."""

    address: Address
    chat_kind: str
    person: Person
    message_id: int
    text: str
    #: `text`, or the kind of attachment
    kind: str = "text"
    #: nothing of them is stored
    images: tuple[Image, ...] = ()
    is_private: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    id: UUID
    dialog_id: UUID
    address: Address
    draft_id: int
    state: str
    generations: int
    placeholder_message_id: int | None
    #: for a model, since the first time when none could be reached
    waited: timedelta | None = None
    #: that Telegram asked for in this chat, as far as it is not over
    silence: timedelta | None = None
    #: within the caps it may be asked; it has been looked at
    is_admitted: bool = False
    #: somebody has asked for its end
    is_stopped: bool = False
    #: since it was asked its chat has closed
    is_unheard: bool = False
    history: tuple[PromptMessage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds from the start of work."""

    first_token_ms: int | None
    generation_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What generation came to, before it is stored."""

    verdict: Verdict
    text: str
    completion: Completion | None
    timing: Timing
    is_fallback: bool = False
    #: by the call that gave it or was stopped on the way
    spent: Usage = NOTHING
    error_kind: str | None = None
