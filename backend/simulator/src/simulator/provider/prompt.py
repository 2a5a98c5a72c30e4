"""A request for a completion, read as leniently as a provider does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.provider.catalogue import count_tokens
from simulator.provider.wire import Refusal, loads


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    model: str
    #: role and text, oldest first
    messages: tuple[tuple[str, str], ...]
    is_stream: bool
    max_tokens: int | None

    @classmethod
    def read(cls, body: bytes) -> "Prompt":
        """Raises Refusal with what is wrong."""
        try:
            fields = loads(body)
        except (ValueError, RecursionError):
            raise _invalid("The request body is not JSON") from None
        if not isinstance(fields, dict):
            raise _invalid("The request body is not an object")
        return cls(
            model=_model(fields),
            messages=_messages(fields),
            is_stream=fields.get("stream") is True,
            max_tokens=_max_tokens(fields),
        )

    @property
    def question(self) -> str:
        """The text of the last user message."""
        return next((text for role, text in reversed(self.messages) if role == "user"), "")

    @property
    def tokens(self) -> int:
        return sum(count_tokens(text) for _, text in self.messages)


def _model(fields: Mapping[str, Any]) -> str:
    model = fields.get("model")
    if not isinstance(model, str) or not model:
        raise _invalid("No models provided")
    return model


def _messages(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    messages = fields.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _invalid("Input required: specify messages")
    return tuple(_message(message) for message in messages)


def _message(message: object) -> tuple[str, str]:
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise _invalid("Every message needs a role and content")
    return message["role"], _text(message.get("content"))


def _text(content: object) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise _invalid("Content is a text or a list of parts")
    return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))


def _max_tokens(fields: Mapping[str, Any]) -> int | None:
    limit = fields.get("max_completion_tokens") or fields.get("max_tokens")
    if limit is not None and (not isinstance(limit, int) or limit < 1):
        raise _invalid("max_tokens is a number from 1 on")
    return limit


def _invalid(message: str) -> Refusal:
    return Refusal(400, "invalid_request", message)
