"""The port to language models: what is asked, and what comes back while the answer is written.

A `ChatModel` turns a `Prompt` into a stream of `Event`s that always ends in one `Finished`,
or raises one `core.llm.errors.ModelError`. Behaviours (routing, breaking, scripting) are further
`ChatModel`s around a `ChatModel`.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.llm.errors import ModelError
from core.llm.usage import NOTHING, Price, Usage


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    #: such as `image/jpeg`
    mime_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptMessage:
    role: Role
    content: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """Messages oldest first; the last one is the question to answer."""

    messages: tuple[PromptMessage, ...]
    #: a stable pseudonym of the person, for the provider's abuse detection; never a Telegram id
    user: str | None = None

    @property
    def question(self) -> PromptMessage:
        return self.messages[-1]

    @property
    def has_images(self) -> bool:
        return any(message.images for message in self.messages)


class Finish(StrEnum):
    """Why the model ended of its own accord."""

    STOP = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    #: sanitized, with at least one visible character
    text: str
    finish: Finish
    #: the model that answered, in the provider's words
    model: str
    #: the company behind it where the gateway tells
    provider: str | None
    generation_id: str | None
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    """A target is about to be called: nothing has been sent yet, so that a consumer which records
    attempts can do it before money is spent.
    """

    target: str
    #: the account that pays
    credential: str | None = None
    #: of the prompt alone, estimated: what the call costs at least if nothing is heard of it again
    expected: Usage = NOTHING
    #: to estimate with what the call costs when it is stopped half-way
    price: Price | None = None
    #: not the target that this question would have gone to if all were well
    is_fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFailed:
    """The running attempt is over without an answer; text shown so far is void."""

    error: ModelError
    #: what it may have cost all the same
    spent: Usage = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The provider is alive but has no visible text yet."""

    #: the model itself is at work (a reasoning token), not only the connection (a comment)
    is_thinking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    completion: Completion


Event = AttemptStarted | AttemptFailed | Working | Token | Finished


class ChatModel(Protocol):
    """Implementations close their connection when the generator is closed (`contextlib.aclosing`):
    that is how an answer is stopped, and with it the bill.
    """

    @property
    def name(self) -> str: ...

    def stream(self, prompt: Prompt) -> AsyncGenerator[Event]: ...
